/* SPDX-License-Identifier: MIT */
/*
 * Functions of the C library that a program calls and the explorer does not follow. Each gets
 * a stub, which ends the execution that comes to it.
 *
 *	if (undefined_stubs(objects, count, "stubs.s", &wanted, &error) == 0 && wanted)
 *		(link stubs.s as well)
 */
#ifndef INTERLOCK_EXPLORE_UNDEFINED_H
#define INTERLOCK_EXPLORE_UNDEFINED_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads the symbols of objects and archives, and writes an assembler file with a stub for each
 * name that none of them defines, that the runtime's table lacks and the C library has. */
int undefined_stubs(char *const *objects, size_t count, const char *file, bool *wanted,
	struct error *error);

/* Whether an object has a function or variable of that name for others. */
int undefined_has(const char *object, const char *name, bool *has, struct error *error);

#endif
