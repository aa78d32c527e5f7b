/* fails counts_right_alone: prints what a right program would print and does nothing */
#include "account.h"

#include <stdio.h>

void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
	printf("Final balance = 100\n");
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
	printf("Final balance = 100\n");
}
