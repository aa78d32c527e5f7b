/* A loop with its way out in the middle, and a helper that starts a thread. */
#include "account.h"

#include <stddef.h>
#include <stdlib.h>

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		pthread_mutex_lock(&account->mutex);
		account->balance -= amount;
		pthread_mutex_unlock(&account->mutex);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		pthread_mutex_lock(&account->mutex);
		account->balance += amount;
		pthread_cond_broadcast(&account->grown);
		pthread_mutex_unlock(&account->mutex);
	}
}

long account_withdraw_covered(struct account *account, long amount)
{
	long left = 0;
	pthread_mutex_lock(&account->mutex);
	for (;;) {
		if (account->balance >= amount)
			break;
		pthread_cond_wait(&account->grown, &account->mutex);
	}
	left = account->balance -= amount;
	pthread_mutex_unlock(&account->mutex);
	return left;
}

/* What each thread does. */
static void *serve(void *argument)
{
	struct order *order = argument;
	order_carry_out(order);
	return NULL;
}

static pthread_t start(struct order *order)
{
	pthread_t thread;
	pthread_create(&thread, NULL, serve, order);
	return thread;
}

void serve_all(struct order *orders, int count)
{
	pthread_t *threads = malloc((size_t)count * sizeof(*threads));
	for (int i = 0; i < count; i++)
		threads[i] = start(&orders[i]);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
