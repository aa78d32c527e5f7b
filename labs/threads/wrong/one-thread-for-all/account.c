/* fails orders_are_served_at_once: one thread carries out all orders */
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

struct job {
	struct order *orders;
	int count;
};

/* What the thread does. */
static void *serve(void *argument)
{
	struct job *job = argument;
	for (int i = 0; i < job->count; i++)
		order_carry_out(&job->orders[i]);
	return NULL;
}

void serve_all(struct order *orders, int count)
{
	pthread_t thread;
	struct job job = {orders, count};
	pthread_create(&thread, NULL, serve, &job);
	pthread_join(thread, NULL);
}
