/* SPDX-License-Identifier: MIT */
/*
 * The tables of schedules: how many explore needs to the first bug of a program, beside
 * those that were published for programs of the same kind, and how it covers the correct
 * versions of these programs.
 *
 *	if (schedules_print(corpus, 20, "*", &error) || covered_print(corpus, "*", &error))
 *		return -1;
 */
#ifndef INTERLOCK_EXPLORE_BENCH_SCHEDULES_H
#define INTERLOCK_EXPLORE_BENCH_SCHEDULES_H

#include "base/error.h"
#include "explore/bench/corpus.h"

/* Programs with threads whose names match the shell pattern. -1: one could not be run. */
int schedules_print(
	const struct corpus *corpus, int seeds, const char *only, struct error *error);

/* The correct versions, with threads and with processes. */
int covered_print(const struct corpus *corpus, const char *only, struct error *error);

#endif
