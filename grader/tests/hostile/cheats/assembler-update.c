/* SPDX-License-Identifier: MIT */
/* Update by an instruction that no compiler instruments. */
static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
#ifdef __x86_64__
		__asm__ volatile("addq %1, %0" : "+m"(account->balance) : "r"(amount));
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
