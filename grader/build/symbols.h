/* SPDX-License-Identifier: MIT */
/*
 * What a student's object may define and use.
 *
 *	char *complaint = symbols_complaint(lab, instrumented, nm_output);
 *	if (complaint)
 *		puts(complaint);
 */
#ifndef INTERLOCK_BUILD_SYMBOLS_H
#define INTERLOCK_BUILD_SYMBOLS_H

#include "lab/lab.h"

#include <stdbool.h>
#include <stddef.h>

/* Reads `nm --format=sysv` of the student's object and says what is wrong with it, or
 * NULL. The caller frees it. Refused are functions that the checkers own, defined or
 * called; calls of the library that the lab does not list, or that it forbids; functions
 * chosen at load time; and data among instructions. Instrumented objects call __tsan_. */
char *symbols_complaint(const struct lab *lab, bool instrumented, const char *nm_output);

/* The same of `objdump -h -w`: refused are sections that no C compiler makes of a program, such
 * as those for code that runs before or after main (which instrumented objects have), and
 * variables that take more memory than the lab's programs may have, which could not be started. */
char *sections_complaint(
	const struct lab *lab, bool instrumented, const char *objdump_output);

/* The same of the object's bytes: instructions that valgrind takes as a request are refused,
 * since they can tell helgrind to look away. */
char *requests_complaint(const char *object, size_t size);

#endif
