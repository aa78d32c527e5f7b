/* fails orders_are_served_at_once: carries out the first order itself before it starts the others */
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
	struct order *order = argument;
	order_carry_out(order);
	return NULL;
}

void serve_all(struct order *orders, int count)
{
	pthread_t *threads = malloc((size_t)count * sizeof(*threads));
	if (count > 0)
		order_carry_out(&orders[0]);
	for (int i = 1; i < count; i++)
		pthread_create(&threads[i], NULL, serve, &orders[i]);
	for (int i = 1; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
