/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the inputs of a run and the accounts.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->withdraw.times = 3;
 *	play_start("withdraw", work);
 */
#ifndef WORK_H
#define WORK_H

#include "account.h"

#include <stdatomic.h>

struct updates {
	long times;
	long amount;
};

/*
 * For the checks in which one process works alone: an account for each way to call. The first
 * CASES withdraw, the others deposit: drawn numbers, no turn, one turn, the amount 0, one
 * below 0, and one that neither an int nor a double holds.
 */
enum { DRAWN, NEVER, ONCE, NOTHING, NEGATIVE, WIDE, CASES, WAYS = 2 * CASES };

struct alone {
	struct account accounts[WAYS];
	struct updates updates[WAYS];
};

/* For the checks in which several processes work on one account. */
struct work {
	struct account account;
	atomic_int at_the_gate; /* processes that are ready to begin */
	int gate;		/* how many must be, before any begins; 0 for no gate */
	struct updates withdraw;
	struct updates deposit;
};

/* What is the checks' own (play_kept). */
struct kept {
	long seen; /* the balance that a process saw which looked once */
};

#endif
