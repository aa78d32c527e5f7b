/* SPDX-License-Identifier: MIT */
/* Do the work, and end the program by force before helgrind has written all that it saw. */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int prepared;

static void cut(void)
{
	if (fork() == 0)
		(void)kill(getppid(), SIGKILL);
	(void)pause();
}

static void change(struct account *account, long times, long amount)
{
	if (!atomic_exchange(&prepared, 1))
		(void)atexit(cut);
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
