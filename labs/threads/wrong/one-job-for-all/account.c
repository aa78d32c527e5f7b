/* fails every_order_is_done_once: all threads read the number of their order from one variable, which moves on */
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

struct job {
	struct order *orders;
	int number;
};

/* What each thread does. */
static void *serve(void *argument)
{
	struct job *job = argument;
	order_carry_out(&job->orders[job->number]);
	return NULL;
}

void serve_all(struct order *orders, int count)
{
	pthread_t *threads = malloc((size_t)count * sizeof(*threads));
	struct job job = {.orders = orders};
	for (int i = 0; i < count; i++) {
		job.number = i;
		pthread_create(&threads[i], NULL, serve, &job);
	}
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
}
