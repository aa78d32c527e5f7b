/* SPDX-License-Identifier: MIT */
/*
 * The instructions of a program that touch memory outside their own frame without the compiler
 * announcing it: gcc 12 announces no struct that is passed or returned by value, no compiler
 * what inline assembly does. The runtime sets a breakpoint at each.
 *
 *	struct census census;
 *	census_take("program", &census, &error);
 *	census_write(&census, memory_fd, &error);	(before the program starts)
 *	census_release(&census);
 *
 * What is counted is the section PROGRAM_TEXT of a linked program, into which its builder puts
 * all code that the program brings along and that was compiled for the explorer. What lies in
 * FOREIGN_TEXT was not: to enter a function there is not covered.
 */
#ifndef INTERLOCK_EXPLORE_CENSUS_H
#define INTERLOCK_EXPLORE_CENSUS_H

#include "base/error.h"
#include "explore/control.h"

#include <stddef.h>

struct census {
	struct breakpoint *list; /* in the order of their addresses */
	uint32_t count;
	uint64_t start, end; /* of the program's text */
	size_t instructions; /* looked at */
};

int census_take(const char *program, struct census *census, struct error *error);
void census_release(struct census *census);

/* Into the control memory of a server that has not been started yet. */
int census_write(const struct census *census, int memory_fd, struct error *error);

#endif
