/* SPDX-License-Identifier: MIT */
/* Name a loader of one's own, so that the program cannot be started. */
__attribute__((section(".interp"), used)) static const char loader[] = "/nowhere";

static void change(struct account *account, long times, long amount)
{
	account->balance += times * amount;
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
