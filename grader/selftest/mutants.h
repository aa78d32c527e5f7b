/* SPDX-License-Identifier: MIT */
/*
 * Makes mutants of a model solution: the same text with one mistake in it, of the kinds
 * that people make with locks, waits, loops and counts. Only what stands between
 * BEGIN SOLUTION and END SOLUTION is changed, since that is what a student writes.
 *
 *	struct mutants mutants = {0};
 *	mutants_make(&mutants, "account.c", solution);
 *	puts(mutants.list[0].diff);
 *	mutants_release(&mutants);
 *
 * The texts need not compile, and one may mean the same as the solution: that is for the
 * caller to find out.
 */
#ifndef INTERLOCK_SELFTEST_MUTANTS_H
#define INTERLOCK_SELFTEST_MUTANTS_H

#include "build/tokens.h"

struct mutant {
	const char *mistake; /* what was done, in words: "call dropped"; static */
	char *file;	     /* of the lab's files, the one that differs */
	char *text;	     /* the whole file */
	char *diff;	     /* see selftest/difference.h */
	long line;	     /* where the change begins, in the solution */
};

struct mutants {
	struct mutant *list;
	size_t count;
};

/* Adds the mutants of one file; no two of them have the same text. */
void mutants_make(struct mutants *mutants, const char *file, const char *solution);
void mutants_release(struct mutants *mutants);

/* A mistake looks at one token and adds what mutants it can make there. */
struct edit {
	size_t start; /* of the text that is taken out */
	size_t end;
	const char *put; /* in its place */
};

struct mutation {
	const struct tokens *tokens;
	const char *file;
	struct mutants *mutants;
};

typedef void (*mutation_fn)(struct mutation *mutation, size_t index);

/* All kinds of mistakes, ended by NULL: of synchronisation, and of plain C. */
extern const mutation_fn mistakes_of_synchronisation[];
extern const mutation_fn mistakes_of_atomics[];
extern const mutation_fn mistakes_of_c[];

/* Adds the mutant with these edits, which are in order and do not overlap. */
void mutation_add(struct mutation *mutation, const char *mistake,
	const struct edit *edits, size_t count);

/* Whether the word at index is called there to start, order or end other tasks. */
bool is_synchronisation(const struct tokens *tokens, size_t index);

#endif
