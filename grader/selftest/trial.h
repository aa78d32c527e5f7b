/* SPDX-License-Identifier: MIT */
/*
 * Compiles files of a lab for its author, to see whether they compile, with what words,
 * and whether they are the same program as others.
 *
 *	struct trial trial = {.lab = lab, .compiler = "gcc"};
 *	if (trial_compile(&trial, folder, &outcome, &error) == 0 && outcome.compiles)
 *		puts(outcome.code);
 */
#ifndef INTERLOCK_SELFTEST_TRIAL_H
#define INTERLOCK_SELFTEST_TRIAL_H

#include "base/error.h"
#include "lab/lab.h"

#include <stdbool.h>

struct trial {
	const struct lab *lab;
	const char *compiler; /* "gcc" or "clang" */
};

struct trial_outcome {
	bool compiles;
	char code[65]; /* a hash: the same for files that become the same code */
	char *words;   /* what the compiler printed; owned */
};

/* Compiles the lab's files that are in the folder, where it puts the objects, optimised
 * and with each access to memory that another task may see told apart: two files that
 * become the same code then behave alike in every stage. -1 with the error set if no
 * compiler could be run. */
int trial_compile(const struct trial *trial, const char *folder,
	struct trial_outcome *outcome, struct error *error);
void trial_outcome_release(struct trial_outcome *outcome);

#endif
