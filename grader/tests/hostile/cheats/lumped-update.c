/* SPDX-License-Identifier: MIT */
/* One update in place of many: the sum is right, and nobody got a turn. */
static void change(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	account->balance += times * amount;
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
