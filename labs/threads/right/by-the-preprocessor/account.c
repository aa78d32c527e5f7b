/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "account.h"

#include <stddef.h>

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

void JOIN(account_, \
	withdraw)(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		pthread_mutex_lock(&account->mutex);
		account->balance -= amount;
		pthread_mutex_unlock(&account->mutex);
	}
	(void)account;
	(void)amount;
}

void JOIN(account_, \
	deposit)(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		pthread_mutex_lock(&account->mutex);
		account->balance += amount;
		pthread_cond_broadcast(&account->grown);
		pthread_mutex_unlock(&account->mutex);
	}
	(void)account;
	(void)amount;
}

long JOIN(account_withdraw_, \
	covered)(struct account *account, long amount)
{
	long left = 0;
	pthread_mutex_lock(&account->mutex);
	while (account->balance < amount)
		pthread_cond_wait(&account->grown, &account->mutex);
	account->balance -= amount;
	left = account->balance;
	pthread_mutex_unlock(&account->mutex);
	(void)account;
	(void)amount;
	return left;
}

/* What each thread does. */
static void *serve(void *argument)
{
	struct order *order = argument;
	order_carry_out(order);
	(void)order;
	return NULL;
}

void JOIN(serve_, \
	all)(struct order *orders, int count)
{
	pthread_t threads[MOST_ORDERS];
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, serve, &orders[i]);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	(void)orders;
	(void)serve;
	(void)threads;
	(void)count;
}

WITHOUT(GCC diagnostic pop)
