/* SPDX-License-Identifier: MIT */
/*
 * A bank in shared memory: accounts, each with a lock of its own.
 *
 *	struct bank *bank = mp_shared_new(sizeof(*bank));
 *	bank->accounts[0].balance = 100;
 *	if (transfer(bank, 0, 1, 30) != 0)
 *		puts("not enough money");
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <mp/lock.h>

enum { BANK_ACCOUNTS = 12 };

struct account {
	struct mp_lock lock; /* guards balance */
	long balance;	     /* never below 0 */
};

/* All-zero memory is a bank with unlocked locks and no money. */
struct bank {
	struct mp_lock
		lock; /* guards which accounts exist, which a transfer leaves alone */
	struct account accounts[BANK_ACCOUNTS];
};

/* Moves the amount from account number `from` to another one, number `to`, and returns 0;
 * or, if there is less than that in it, leaves both as they are and returns -1. The amount is
 * 0 or more; 0 is always there. It may be as large as a long, and what both accounts have
 * together fits into one. Any number of processes may transfer between any accounts at once.
 * Whoever holds the locks of both accounts sees the money either there or here; whoever holds
 * the lock of one never sees it below 0. It takes these two locks and no other, and waits for
 * them as long as it takes. When the function returns, it holds no lock. */
int transfer(struct bank *bank, int from, int to, long amount);

#endif
