/* SPDX-License-Identifier: MIT */
/* Print 64 MB. */
#include <unistd.h>
static void cheat(void)
{
	static char block[1 << 16];

	for (int i = 0; i < 1024; i++)
		(void)!write(1, block, sizeof(block));
}
void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
	cheat();
}

void account_deposit(struct account *account, long times, long amount)
{
	account_withdraw(account, times, amount);
}
