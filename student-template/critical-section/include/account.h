/* SPDX-License-Identifier: MIT */
/*
 * A bank account that several processes use at once. It lies in memory that all of them
 * share; whoever reads or writes the balance must hold the lock, so that whoever holds it
 * may rely on the balance. Who finds the lock held sleeps until it is free; a wait with a
 * limit of time asks again when that is over, however late that is.
 *
 *	struct account *account = mp_shared_new(sizeof(*account));
 *	account->balance = 100;
 *	account_withdraw(account, 10000, 1);
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <mp/lock.h>

/* All-zero memory is an account with an unlocked lock and nothing in it. */
struct account {
	struct mp_lock lock; /* guards balance */
	long balance;
};

/* Takes the amount out of the account, then again, `times` times in all. Each of these is
 * one update of the balance, of which others see all or nothing; other processes may get the
 * lock between any two of them. The balance may become negative, and the amount may be 0,
 * negative, or more than an int holds; the balance is always one that a long holds. When the
 * function returns, the lock is not held. */
void account_withdraw(struct account *account, long times, long amount);

/* As account_withdraw, but puts the amount in. */
void account_deposit(struct account *account, long times, long amount);

#endif
