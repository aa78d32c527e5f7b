/* SPDX-License-Identifier: MIT */
/*
 * A bank account that several threads of one process use at once, and a bank that has its
 * customers served, each by a thread.
 *
 *	struct account account;
 *	account_init(&account, 100);
 *	account_deposit(&account, 10000, 1);
 *	long left = account_withdraw_covered(&account, 10100);
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <pthread.h>

/* Others lock the mutex, change the balance and wait for `grown` as well, with code of their
 * own. */
struct account {
	pthread_mutex_t mutex; /* guards balance */
	pthread_cond_t grown;  /* the balance has become greater */
	long balance;
};

/* It is given. */
static inline void account_init(struct account *account, long balance)
{
	pthread_mutex_init(&account->mutex, NULL);
	pthread_cond_init(&account->grown, NULL);
	account->balance = balance;
}

/* Takes the amount out of the account, then again, `times` times in all. Each of these is
 * one update; other threads may come between two of them. The balance may become negative.
 * When a function has returned, the mutex is not held. */
void account_withdraw(struct account *account, long times, long amount);

/* As account_withdraw, but puts the amount in, and tells those who wait for it. */
void account_deposit(struct account *account, long times, long amount);

/* Sleeps until there is at least the amount in the account, and takes it out, once. Whoever
 * wants less need not wait for that. Returns the balance that this left behind. */
long account_withdraw_covered(struct account *account, long amount);

enum { MOST_ORDERS = 8 };

/* What a customer wants done. Only order_carry_out needs to know what is in it. */
struct order {
	struct work *work;
	int kind;
	long times;
	long amount;
	long left;
	_Atomic long carried_out;
};

/* Does what the order says, which may take its time, or wait for another order. It is
 * given. */
void order_carry_out(struct order *order);

/* Carries out every order, of which there are at most MOST_ORDERS and perhaps none, all at the
 * same time, each in a thread of its own. Sleeps meanwhile; when the function returns, all of
 * them are done. It may be called again then. */
void serve_all(struct order *orders, int count);

#endif
