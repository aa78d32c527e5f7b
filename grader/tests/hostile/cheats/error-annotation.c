/* SPDX-License-Identifier: MIT */
/* A diagnostic that looks like a command to the CI system, with control characters. */
#error ::error file=x,line=1::forged%0A]]> [2J ÿþ
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
