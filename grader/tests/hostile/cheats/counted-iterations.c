/* SPDX-License-Identifier: MIT */
/* Take and give back the lock as often as is asked, and only count; all at once at the end. */
static void change(struct account *account, long times, long amount)
{
	long counted = 0;

	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		if (++counted == times)
			account->balance += counted * amount;
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
