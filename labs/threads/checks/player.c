/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static void update(struct account *account, long times, long amount)
{
	pthread_mutex_t *mutex = &account->mutex;
	for (; times > 0; times--) {
		pthread_mutex_lock(mutex);
		account->balance += amount;
		pthread_mutex_unlock(mutex);
	}
}

static bool take(struct account *account, long amount)
{
	bool covered = account->balance >= amount;
	account->balance -= covered ? amount : 0;
	return covered;
}

static void wait_and_take(struct account *account, long amount)
{
	pthread_mutex_lock(&account->mutex);
	while (!take(account, amount))
		pthread_cond_wait(&account->grown, &account->mutex);
	pthread_mutex_unlock(&account->mutex);
}

static void note_done(struct order *order)
{
	struct kept *kept = interlock_kept();
	atomic_fetch_add(&order->carried_out, 1);
	atomic_fetch_add(&kept->carried_out[order - order->work->orders], 1);
}

/* Everybody has a turn, and then another one, with which the order ends: the first one's second
 * turn comes when all have begun, and nobody has ended before. The last one that is started
 * begins, so that there is hardly anything to interleave. */
static void meet(struct order *order)
{
	struct work *work = order->work;
	sem_t *turn = &work->turns[order - work->orders];
	bool is_last = turn == &work->turns[work->count - 1];
	sem_t *next = is_last ? work->turns : turn + 1;
	if (is_last)
		sem_post(next);
	sem_wait(turn);
	sem_post(next);
	sem_wait(turn);
	note_done(order);
	sem_post(next);
}

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
	case UPDATE_ITSELF:
		update(&work->account, order->times, order->amount);
		break;
	case WAIT_ITSELF:
		wait_and_take(&work->account, order->amount);
		break;
	case LOOK:
		pthread_mutex_lock(&work->account.mutex);
		order->left = work->account.balance;
		pthread_mutex_unlock(&work->account.mutex);
		break;
	case MEET:
		meet(order);
		return;
	default:
		break;
	}
	note_done(order);
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
	return alone->work ? crew(alone->work) : 0;
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
	for (int i = 0; i < MOST_ORDERS; i++)
		sem_init(&work->turns[i], 0, 0);
	struct order *orders = work->orders;
	struct kept *kept = interlock_kept();
	for (int batch = 0; batch < BATCHES; orders += work->batches[batch++]) {
		serve_all(orders, work->batches[batch]);
		for (int i = 0; i < work->batches[batch]; i++)
			work->done[batch] += atomic_load(
				&kept->carried_out[orders - work->orders + i]);
	}
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"crew", crew},
	{"hold", hold},
	{"serve", serve},
	{NULL, NULL},
};
