/* SPDX-License-Identifier: MIT */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		/* BEGIN SOLUTION */
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
		/* END SOLUTION */
	}
	(void)account;
	(void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		/* BEGIN SOLUTION */
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
		/* END SOLUTION */
	}
	(void)account;
	(void)amount;
}
