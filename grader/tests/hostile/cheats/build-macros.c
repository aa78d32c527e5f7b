/* SPDX-License-Identifier: MIT */
/* Lock only where the preprocessor tells of how the explorer's programs are made. */
static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
#if defined(_REENTRANT) && !defined(__PIE__)
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
#else
		account->balance += amount;
#endif
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
