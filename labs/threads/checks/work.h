/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the account, and an order for each thread.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->orders[0] = (struct order){.work = work, .kind = WITHDRAW, .times = 3};
 *	work->count = 1;
 *	play_start("crew", work);
 */
#ifndef WORK_H
#define WORK_H

#include "account.h"

#include <semaphore.h>
#include <stdatomic.h>

enum order_kind {
	NOTHING,
	WITHDRAW,
	DEPOSIT,
	WITHDRAW_COVERED,
	UPDATE_ITSELF, /* as DEPOSIT, but with code of ours, which tells nobody */
	WAIT_ITSELF,   /* as WITHDRAW_COVERED, but with code of ours */
	LOOK,	       /* at the balance, once */
	MEET,	       /* waits until every order of this kind is being carried out */
};

enum { BATCHES = 3 };

struct work {
	struct account account;
	sem_t turns[MOST_ORDERS]; /* of those who meet */
	int count;
	int batches[BATCHES]; /* how many of the orders each call of serve_all gets */
	long done[BATCHES];   /* how many of them were carried out when it returned */
	struct order orders[BATCHES * MOST_ORDERS];
};

/* What is the checks' own (play_kept). */
struct kept {
	/* How often each order was; what an order says of itself is an answer's to write. */
	atomic_long carried_out[BATCHES * MOST_ORDERS];
};

/* For the checks in which one thread works alone: an account for each way to call. */
enum {
	WITHDRAW_MANY,
	WITHDRAW_NEVER,
	WITHDRAW_ONCE,
	DEPOSIT_MANY,
	DEPOSIT_NEVER,
	DEPOSIT_ONCE,
	COVERED,
	JUST_COVERED,
	WAYS
};

struct alone {
	struct account accounts[WAYS];
	long times[WAYS];
	long amounts[WAYS];
	long left[WAYS];   /* what account_withdraw_covered returned */
	struct work *work; /* for a crew that comes after that, or NULL */
};

#endif
