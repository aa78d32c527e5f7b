/* SPDX-License-Identifier: MIT */
/*
 * The tools that are compared on the corpus, each as somebody would use it.
 *
 *	struct finding finding;
 *	if (tool_try(TOOL_HELGRIND, program, 1000, &finding, &error))
 *		return -1;
 *	puts(finding.reported ? "something is wrong" : "nothing to see");
 *
 * What a tool is given for a program: explore its defaults; helgrind, DRD and TSan one
 * run; plain the number of runs asked for of an -O2 build, or fewer if one fails.
 */
#ifndef INTERLOCK_EXPLORE_BENCH_TOOLS_H
#define INTERLOCK_EXPLORE_BENCH_TOOLS_H

#include "base/error.h"
#include "explore/bench/corpus.h"

#include <stdbool.h>

enum tool { TOOL_EXPLORE, TOOL_HELGRIND, TOOL_DRD, TOOL_TSAN, TOOL_PLAIN, TOOL_COUNT };

struct finding {
	bool reported; /* something is wrong with the program, the tool says */
	bool failed;   /* the program failed or hung under it, by luck of the schedule */
	bool wrong;    /* what it says is not what is wrong (explore names kinds) */
	long ms;       /* wall time, compiling included */
};

extern const char *const tool_names[TOOL_COUNT];

/* Lets the tool look at the program. Not being able to is an error. */
int tool_try(enum tool tool, const struct corpus_program *program, int plain_runs,
	struct finding *finding, struct error *error);

#endif
