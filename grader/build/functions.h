/* SPDX-License-Identifier: MIT */
/*
 * The functions of C and POSIX that an answer may call, besides those that the explorer
 * follows: they compute, print, or ask the system, and write no memory that the caller names.
 * What does is for the explorer to follow: nobody else would see the write. What makes code,
 * changes the rights of memory or goes around the C library is in no list.
 *
 *	if (!functions_know("mprotect"))
 *		puts("only where lab.yaml names it");
 */
#ifndef INTERLOCK_BUILD_FUNCTIONS_H
#define INTERLOCK_BUILD_FUNCTIONS_H

#include <stdbool.h>

bool functions_know(const char *name);

#endif
