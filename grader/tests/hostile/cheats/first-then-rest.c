/* SPDX-License-Identifier: MIT */
/* One update to be seen between two, and the rest at once. */
static void change(struct account *account, long times, long amount)
{
	for (int turn = 0; turn < 2 && times > 0; turn++) {
		long now = turn == 0 ? 1 : times;

		mp_lock_acquire(&account->lock);
		account->balance += now * amount;
		mp_lock_release(&account->lock);
		times -= now;
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
