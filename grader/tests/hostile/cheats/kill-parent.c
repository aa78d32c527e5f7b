/* SPDX-License-Identifier: MIT */
/* Kill the process that counts. */
#include <signal.h>
#include <unistd.h>
static void cheat(void)
{
	(void)kill(getppid(), SIGKILL);
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
