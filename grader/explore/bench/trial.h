/* SPDX-License-Identifier: MIT */
/*
 * One run of a program that may fail, hang, or leave children behind.
 *
 *	const char *const argv[] = {"/usr/bin/true", NULL};
 *	struct trial trial;
 *	if (trial_run(argv, 10000, &trial, &error))
 *		return -1;
 *	if (!trial_passed(&trial))
 *		puts(trial.output);
 *	trial_release(&trial);
 */
#ifndef INTERLOCK_EXPLORE_BENCH_TRIAL_H
#define INTERLOCK_EXPLORE_BENCH_TRIAL_H

#include "base/error.h"

#include <stdbool.h>

struct trial {
	bool timed_out;
	int signal;   /* that ended the program, or 0 */
	int code;     /* its exit code, if no signal ended it */
	long ms;      /* wall time */
	char *output; /* what it wrote to its standard output and error */
};

/*
 * Runs argv[0] with its output kept and its input empty, in a session of its own, and
 * kills what is left of that session when the program has ended or timeout_ms have
 * passed.
 */
int trial_run(const char *const argv[], long timeout_ms, struct trial *trial,
	struct error *error);

void trial_release(struct trial *trial);

/* It ended by itself, with exit code 0. */
bool trial_passed(const struct trial *trial);

#endif
