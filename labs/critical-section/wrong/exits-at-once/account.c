/* fails finishes: ends the process and claims success */
#include "account.h"

#include <stdlib.h>
#include <unistd.h>

void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
	_exit(EXIT_SUCCESS);
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
	_exit(EXIT_SUCCESS);
}
