/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>

#include <stdatomic.h>
#include <stddef.h>

void order_carry_out(struct order *order)
{
	struct work *work = order->work;
	switch (order->kind) {
	case NOTHING:
		break;
	case WITHDRAW:
		account_withdraw(&work->account, order->times, order->amount);
		break;
	case DEPOSIT:
		account_deposit(&work->account, order->times, order->amount);
		break;
	case WITHDRAW_COVERED:
		order->left = account_withdraw_covered(&work->account, order->amount);
		break;
	case LOOK:
		pthread_mutex_lock(&work->account.mutex);
		order->left = work->account.balance;
		pthread_mutex_unlock(&work->account.mutex);
		break;
	case MEET:
		pthread_barrier_wait(&work->meeting);
		break;
	default:
		break;
	}
	atomic_fetch_add(&order->carried_out, 1);
}

static int alone(void *argument)
{
	struct alone *alone = argument;
	for (int way = 0; way < DEPOSIT_MANY; way++)
		account_withdraw(
			&alone->accounts[way], alone->times[way], alone->amounts[way]);
	for (int way = DEPOSIT_MANY; way < COVERED; way++)
		account_deposit(
			&alone->accounts[way], alone->times[way], alone->amounts[way]);
	for (int way = COVERED; way < WAYS; way++)
		alone->left[way] = account_withdraw_covered(
			&alone->accounts[way], alone->amounts[way]);
	return 0;
}

static void *carry_out(void *argument)
{
	order_carry_out(argument);
	return NULL;
}

/* Starts the threads itself, for what is judged apart from serve_all. */
static int crew(void *argument)
{
	struct work *work = argument;
	pthread_t threads[MOST_ORDERS];
	for (int i = 0; i < work->count; i++)
		if (pthread_create(&threads[i], NULL, carry_out, &work->orders[i]))
			return 1;
	for (int i = 0; i < work->count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

/* Holds the mutex and does not unlock it, while others want it. */
static int hold(void *argument)
{
	struct work *work = argument;
	pthread_mutex_lock(&work->account.mutex);
	return crew(work);
}

static int serve(void *argument)
{
	struct work *work = argument;
	pthread_barrier_init(&work->meeting, NULL, (unsigned)work->count);
	serve_all(work->orders, work->count);
	for (int i = 0; i < work->count; i++)
		work->done += atomic_load(&work->orders[i].carried_out);
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"crew", crew},
	{"hold", hold},
	{"serve", serve},
	{NULL, NULL},
};
