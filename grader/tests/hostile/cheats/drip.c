/* SPDX-License-Identifier: MIT */
/* Print a byte now and then for two minutes. */
#include <unistd.h>
static void cheat(void)
{
	for (int i = 0; i < 4000; i++) {
		(void)!write(1, ".", 1);
		(void)usleep(30000);
	}
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
