/* SPDX-License-Identifier: MIT */
/*
 * How fast explore is, beside what was asked of it: time to completeness for a correct
 * lock, executions a second, and the price of a step.
 *
 *	if (speed_print(&error))
 *		return -1;
 */
#ifndef INTERLOCK_EXPLORE_BENCH_SPEED_H
#define INTERLOCK_EXPLORE_BENCH_SPEED_H

#include "base/error.h"

/* Measures and prints the table. */
int speed_print(struct error *error);

#endif
