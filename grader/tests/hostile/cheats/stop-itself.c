/* SPDX-License-Identifier: MIT */
/* Stop oneself. */
#include <signal.h>
static void cheat(void)
{
	(void)raise(SIGSTOP);
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
