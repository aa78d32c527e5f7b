/* SPDX-License-Identifier: MIT */
/* An object file of 128 MB. */
char giant[128 << 20] = {1};
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
