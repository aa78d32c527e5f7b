/* fails every_order_is_done_once: the number of the next order is static and goes on from the last call */
#include "account.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_int next;

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
	while (account->balance < amount)
		pthread_cond_wait(&account->grown, &account->mutex);
	account->balance -= amount;
	left = account->balance;
	pthread_mutex_unlock(&account->mutex);
	return left;
}

/* What each thread does. */
static void *serve(void *argument)
{
	struct order *orders = argument;
	order_carry_out(&orders[atomic_fetch_add(&next, 1)]);
	return NULL;
}

void serve_all(struct order *orders, int count)
{
	pthread_t *threads = malloc((size_t)count * sizeof(*threads));
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, serve, orders);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
