/* SPDX-License-Identifier: MIT */
/*
 * The headers that an answer may include: those of C and POSIX, some of Linux and glibc, the
 * library's and the lab's own. Others bring what the checkers do not see: instructions of the
 * processor, requests to valgrind.
 *
 *	if (!headers_know(lab, "immintrin.h"))
 *		puts("not in an answer");
 */
#ifndef INTERLOCK_BUILD_HEADERS_H
#define INTERLOCK_BUILD_HEADERS_H

#include "lab/lab.h"

#include <stdbool.h>

/* The name as it stands between the quotes or brackets. */
bool headers_know(const struct lab *lab, const char *name);

/* Whether a student hands in a header of that name. */
bool headers_are_own(const struct lab *lab, const char *name);

#endif
