/* SPDX-License-Identifier: MIT */
/* Jump out of a signal handler to before it. */
#include <setjmp.h>
#include <signal.h>
static sigjmp_buf before;
static void back(int number)
{
	siglongjmp(before, number);
}
static void cheat(void)
{
	(void)signal(SIGSEGV, back);
	if (sigsetjmp(before, 1) == 0)
		*(volatile int *)16 = 1;
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
