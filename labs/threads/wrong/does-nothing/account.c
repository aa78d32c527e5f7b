/* fails counts_right_alone: the functions for the account are empty */
#include "account.h"

#include <stddef.h>
#include <stdlib.h>

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		(void)account;
		(void)amount;
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		(void)account;
		(void)amount;
	}
}

long account_withdraw_covered(struct account *account, long amount)
{
	long left = 0;
	(void)account;
	(void)amount;
	return left;
}

/* What each thread does. */
static void *serve(void *argument)
{
	struct order *order = argument;
	order_carry_out(order);
	return NULL;
}

void serve_all(struct order *orders, int count)
{
	pthread_t *threads = malloc((size_t)count * sizeof(*threads));
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, serve, &orders[i]);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
