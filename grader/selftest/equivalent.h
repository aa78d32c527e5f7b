/* SPDX-License-Identifier: MIT */
/*
 * The mutants that a lab's author found to be right programs after all, each with the
 * reason: LAB/equivalent-mutants.yaml, which a lab without such mutants does not have.
 *
 *	- diff: |
 *	    @@ account.c: account_deposit
 *	    -		if (times < 1)
 *	    +		if (times <= 1)
 *	  reason: a loop that turns once does what the branch does
 */
#ifndef INTERLOCK_SELFTEST_EQUIVALENT_H
#define INTERLOCK_SELFTEST_EQUIVALENT_H

#include "base/error.h"
#include "lab/lab.h"

#include <stdbool.h>

struct equivalent_mark {
	char *diff;
	char *reason;
};

struct equivalents {
	struct equivalent_mark *marks;
	unsigned count;
	bool *used; /* for each mark */
};

/* Reads the lab's marks. -1 with the error set if the file cannot be read or has an
 * unknown key or an empty reason. Call equivalents_release in both cases. */
int equivalents_read(
	struct equivalents *equivalents, const struct lab *lab, struct error *error);
void equivalents_release(struct equivalents *equivalents);

/* The reason why the mutant with this difference is equivalent, or NULL; notes that its
 * mark was used. */
const char *equivalents_find(struct equivalents *equivalents, const char *diff);

#endif
