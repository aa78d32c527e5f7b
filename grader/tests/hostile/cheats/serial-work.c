/* SPDX-License-Identifier: MIT */
/* Lock everybody out until all is done. */
static void change(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	for (long i = 0; i < times; i++)
		account->balance += amount;
	mp_lock_release(&account->lock);
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
