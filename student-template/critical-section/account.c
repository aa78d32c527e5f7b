/* SPDX-License-Identifier: MIT */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		/* Your code here. */
	}
	(void)account;
	(void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		/* Your code here. */
	}
	(void)account;
	(void)amount;
}
