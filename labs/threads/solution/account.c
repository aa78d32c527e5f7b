/* SPDX-License-Identifier: MIT */
#include "account.h"

#include <stddef.h>

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		/* BEGIN SOLUTION */
		pthread_mutex_lock(&account->mutex);
		account->balance -= amount;
		pthread_mutex_unlock(&account->mutex);
		/* END SOLUTION */
	}
	(void)account;
	(void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		/* BEGIN SOLUTION */
		pthread_mutex_lock(&account->mutex);
		account->balance += amount;
		pthread_cond_broadcast(&account->grown);
		pthread_mutex_unlock(&account->mutex);
		/* END SOLUTION */
	}
	(void)account;
	(void)amount;
}

long account_withdraw_covered(struct account *account, long amount)
{
	long left = 0;
	/* BEGIN SOLUTION */
	pthread_mutex_lock(&account->mutex);
	while (account->balance < amount)
		pthread_cond_wait(&account->grown, &account->mutex);
	account->balance -= amount;
	left = account->balance;
	pthread_mutex_unlock(&account->mutex);
	/* END SOLUTION */
	(void)account;
	(void)amount;
	return left;
}

/* What each thread does. */
static void *serve(void *argument)
{
	struct order *order = argument;
	/* BEGIN SOLUTION */
	order_carry_out(order);
	/* END SOLUTION */
	(void)order;
	return NULL;
}

void serve_all(struct order *orders, int count)
{
	pthread_t threads[MOST_ORDERS];
	/* BEGIN SOLUTION */
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, serve, &orders[i]);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	/* END SOLUTION */
	(void)orders;
	(void)serve;
	(void)threads;
	(void)count;
}
