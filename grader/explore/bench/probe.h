/* SPDX-License-Identifier: MIT */
/*
 * One run of `interlock explore` on a program of the corpus.
 *
 *	const char *const options[] = {"--detect", "assert", NULL};
 *	struct probe probe;
 *	if (probe_run(program, options, &probe, &error))
 *		return -1;
 *	printf("%d defects, %s\n", probe.kinds_count, probe.coverage);
 *	probe_release(&probe);
 */
#ifndef INTERLOCK_EXPLORE_BENCH_PROBE_H
#define INTERLOCK_EXPLORE_BENCH_PROBE_H

#include "base/error.h"
#include "explore/bench/corpus.h"

enum { PROBE_KINDS_MOST = 16 };

struct probe {
	int code;	 /* interlock's exit code: 0 nothing found, 1 found */
	char *coverage;	 /* "complete", "bounded" or "sampled" */
	long executions; /* all of them */
	long long steps; /* of all of them */
	long first;	 /* which of them, from 1, showed the first defect; 0 for none */
	char *kinds[PROBE_KINDS_MOST]; /* of the defects reported, first first */
	int kinds_count;
	long ms;
};

/*
 * Explores the program with the options, a NULL-ended list, and reads what it says. One
 * that could not run, or says what cannot be read, is an error. INTERLOCK_COMPILER in the
 * environment names the compiler, if it is not to be the usual one.
 */
int probe_run(const struct corpus_program *program, const char *const options[],
	struct probe *probe, struct error *error);

void probe_release(struct probe *probe);

#endif
