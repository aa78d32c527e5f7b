/* fails orders_are_served_at_once: starts the next four only when these four are done */
#include "account.h"

#include <stddef.h>

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
	while (count > 0) {
		pthread_t threads[4];
		int now = count < 4 ? count : 4;
		for (int i = 0; i < now; i++)
			pthread_create(&threads[i], NULL, serve, &orders[i]);
		for (int i = 0; i < now; i++)
			pthread_join(threads[i], NULL);
		orders += now;
		count -= now;
	}
}
