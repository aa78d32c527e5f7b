/* SPDX-License-Identifier: MIT */
/*
 * What a student's object may define and use.
 *
 *	char *complaint = symbols_complaint(lab, follows, instrumented, nm_output);
 *	if (complaint)
 *		puts(complaint);
 */
#ifndef INTERLOCK_BUILD_SYMBOLS_H
#define INTERLOCK_BUILD_SYMBOLS_H

#include "lab/lab.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether the explorer follows what a function of the C library does. */
typedef bool symbols_follows(const char *function);

/* Reads `nm --format=sysv` of the student's object and says what is wrong with it, or
 * NULL. The caller frees it. Refused are functions that the checkers own, defined or
 * called; calls that the lab forbids, of the library that it does not list, and of C that
 * neither it, the explorer nor functions.h knows (all, if `follows` is NULL); functions
 * chosen at load time; and data among instructions. Instrumented objects announce
 * accesses (__tsan_) and basic blocks. */
char *symbols_complaint(const struct lab *lab, symbols_follows *follows,
	bool instrumented, const char *nm_output);

/* The same of `objdump -h -w`: refused are sections that no C compiler makes of a program, such
 * as those for code that runs before or after main (which instrumented objects have), and
 * variables that take more memory than the lab's programs may have, which could not be started. */
char *sections_complaint(
	const struct lab *lab, bool instrumented, const char *objdump_output);

/* The same of the object's bytes: instructions that valgrind takes as a request are refused,
 * since they can tell helgrind to look away. */
char *requests_complaint(const char *object, size_t size);

#endif
