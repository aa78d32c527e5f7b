/* SPDX-License-Identifier: MIT */
/*
 * One run of `interlock explore` on a program of the corpus.
 *
 *	const char *const options[] = {"--detect", "assert", NULL};
 *	struct exploration exploration;
 *	if (exploration_run(program, options, &exploration, &error))
 *		return -1;
 *	printf("%d defects, %s\n", exploration.kinds_count, exploration.coverage);
 *	exploration_release(&exploration);
 */
#ifndef INTERLOCK_EXPLORE_BENCH_EXPLORATION_H
#define INTERLOCK_EXPLORE_BENCH_EXPLORATION_H

#include "base/error.h"
#include "explore/bench/corpus.h"

enum { EXPLORATION_KINDS_MOST = 16 };

struct exploration {
	int code;	 /* interlock's exit code: 0 nothing found, 1 found */
	char *coverage;	 /* "complete", "bounded" or "sampled" */
	long executions; /* all of them */
	long long steps; /* of all of them */
	long first;	 /* which of them, from 1, showed the first defect; 0 for none */
	char *kinds[EXPLORATION_KINDS_MOST]; /* of the defects reported, first first */
	int kinds_count;
	long ms;
};

/*
 * Explores the program with the options, a NULL-ended list, and reads what it says. An
 * exploration that could not run, or says what cannot be read, is an error.
 */
int exploration_run(const struct corpus_program *program, const char *const options[],
	struct exploration *exploration, struct error *error);

void exploration_release(struct exploration *exploration);

#endif
