/* SPDX-License-Identifier: MIT */
/* Run while the program is being linked in memory. */
#include <unistd.h>
static void nothing(void)
{
}
static void (*choose(void))(void)
{
	_exit(0);
	return nothing;
}
static void chosen(void) __attribute__((ifunc("choose")));
static void cheat(void)
{
	chosen();
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
