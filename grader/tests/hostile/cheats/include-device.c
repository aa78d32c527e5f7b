/* SPDX-License-Identifier: MIT */
/* Include a file without an end. */
#include "/dev/zero"
void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
}
