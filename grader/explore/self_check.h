/* SPDX-License-Identifier: MIT */
/*
 * A check of the explorer by itself that nobody can switch off: a program with a known race
 * and one with a known deadlock have to be found out, or nothing the explorer says counts.
 *
 *	if (explore_self_check(&error))
 *		return error_context(&error, "the explorer does not work here");
 */
#ifndef INTERLOCK_EXPLORE_SELF_CHECK_H
#define INTERLOCK_EXPLORE_SELF_CHECK_H

#include "base/error.h"

/* Returns 0 when both were found, and nothing in their correct twin. */
int explore_self_check(struct error *error);

#endif
