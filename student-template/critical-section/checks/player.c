/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stddef.h>
#include <time.h>

static int alone(void *argument)
{
	struct alone *alone = argument;
	for (int way = 0; way < CASES; way++)
		account_withdraw(&alone->accounts[way], alone->updates[way].times,
			alone->updates[way].amount);
	for (int way = CASES; way < WAYS; way++)
		account_deposit(&alone->accounts[way], alone->updates[way].times,
			alone->updates[way].amount);
	return 0;
}

/* Lets all begin at once: otherwise the first is often done before the last is there. */
static void pass_gate(struct work *work)
{
	atomic_fetch_add(&work->at_the_gate, 1);
	while (atomic_load(&work->at_the_gate) < work->gate)
		sched_yield();
}

static int withdraw(void *argument)
{
	struct work *work = argument;
	pass_gate(work);
	account_withdraw(&work->account, work->withdraw.times, work->withdraw.amount);
	return 0;
}

/* The others begin now: one that does not ask for the lock is not held up by it. */
static void let_others_begin(struct work *work)
{
	const struct timespec moment = {.tv_nsec = 2000000};
	pass_gate(work);
	if (work->gate)
		nanosleep(&moment, NULL);
}

/* Deposits as the contract says, and takes its time between reading and writing. */
static int deposit_slowly(void *argument)
{
	struct work *work = argument;
	struct account *account = &work->account;
	for (long i = 0; i < work->deposit.times; i++) {
		mp_lock_acquire(&account->lock);
		long balance = account->balance;
		if (i == 0)
			let_others_begin(work);
		sched_yield();
		account->balance = balance + work->deposit.amount;
		mp_lock_release(&account->lock);
	}
	return 0;
}

static int deposit(void *argument)
{
	struct work *work = argument;
	pass_gate(work);
	account_deposit(&work->account, work->deposit.times, work->deposit.amount);
	return 0;
}

static int look(void *argument)
{
	struct work *work = argument;
	struct kept *kept = interlock_kept();
	mp_lock_acquire(&work->account.lock);
	kept->seen = work->account.balance;
	mp_lock_release(&work->account.lock);
	return 0;
}

/* Takes the lock and does not let go of it, while others want to withdraw and deposit. */
static int hold(void *argument)
{
	struct work *work = argument;
	struct mp_process withdrawing = {0};
	struct mp_process depositing = {0};
	mp_process_start(&withdrawing, withdraw, work);
	mp_process_start(&depositing, deposit, work);
	mp_lock_acquire(&work->account.lock);
	mp_process_join(&withdrawing);
	mp_process_join(&depositing);
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"withdraw", withdraw},
	{"deposit", deposit},
	{"deposit_slowly", deposit_slowly},
	{"look", look},
	{"hold", hold},
	{NULL, NULL},
};
