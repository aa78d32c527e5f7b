/* SPDX-License-Identifier: MIT */
/*
 * The endings of files in C++, which people hand in where C is asked for.
 *
 *	if (language_is_cpp("account.cpp"))
 *		...
 */
#ifndef INTERLOCK_BASE_LANGUAGE_H
#define INTERLOCK_BASE_LANGUAGE_H

#include <stdbool.h>

/* All of them, ended by NULL. */
extern const char *const language_cpp_endings[];

bool language_is_cpp(const char *file);

#endif
