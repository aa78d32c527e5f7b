/* SPDX-License-Identifier: MIT */
/*
 * What the explorer's table says of the C library's functions (runtime/functions.def).
 *
 *	if (!functions_are_followed("mremap"))
 *		puts("an answer does not call it");
 */
#ifndef INTERLOCK_EXPLORE_FUNCTIONS_H
#define INTERLOCK_EXPLORE_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the explorer has a model of it that a lab's program may use in the box. A call
 * that takes any other call's number, as syscall does, is the lab's to allow. */
bool functions_are_followed(const char *name);

/* Whether code goes on at a place that no table of branches knows when it is called. */
bool functions_stray(const char *name);

/* One after the other, from 0, those that call a function that they are given; then NULL. */
const char *functions_that_call(size_t number);

#endif
