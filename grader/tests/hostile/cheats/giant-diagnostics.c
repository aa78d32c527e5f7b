/* SPDX-License-Identifier: MIT */
/* Two hundred messages, each with the whole way of includes that leads to it. */
#if __INCLUDE_LEVEL__ < 150
#include __FILE__
#error again
#endif

void account_withdraw(struct account *account, long times, long amount)
{
	(void)account, (void)times, (void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)account, (void)times, (void)amount;
}
