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

enum order_kind {
	NOTHING,
	WITHDRAW,
	DEPOSIT,
	WITHDRAW_COVERED,
	LOOK, /* at the balance, once */
	MEET, /* waits until every order of this kind is being carried out */
};

struct work {
	struct account account;
	pthread_barrier_t meeting;
	int count;
	long done; /* orders that were carried out when serve_all returned */
	struct order orders[MOST_ORDERS];
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
	long left[WAYS]; /* what account_withdraw_covered returned */
};

#endif
