/* SPDX-License-Identifier: MIT */
/* Update out of sight, in code that the file includes from itself. */
#ifndef ONCE
#define ONCE
#include __FILE__
#else
__attribute__((no_sanitize("thread"))) static void change(
	struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		mp_lock_release(&account->lock);
		__atomic_fetch_add(&account->balance, amount, 5);
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
#endif
