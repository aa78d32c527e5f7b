/* SPDX-License-Identifier: MIT */
/*
 * An argument vector that grows.
 *
 *	struct arguments arguments = {0};
 *	arguments_add(&arguments, "gcc");
 *	arguments_format(&arguments, "-I%s/include", folder);
 *	execv(arguments.list[0], (char **)arguments.list);
 *	arguments_release(&arguments);
 */
#ifndef INTERLOCK_BUILD_ARGUMENTS_H
#define INTERLOCK_BUILD_ARGUMENTS_H

#include <stddef.h>

struct arguments {
	char **list; /* ended by NULL */
	size_t count;
};

void arguments_add(struct arguments *arguments, const char *text);
void arguments_format(struct arguments *arguments, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void arguments_release(struct arguments *arguments);

#endif
