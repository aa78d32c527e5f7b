/* SPDX-License-Identifier: MIT */
/* Say that the code is another file's, whose races are nobody's. */
#line 1 "stdlib.h"
static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		account->balance += amount;
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
