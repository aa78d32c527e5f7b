/* fails counts_right_alone: the balance is a long, the amount an int */
#include "account.h"

static void change(struct account *account, int by)
{
	mp_lock_acquire(&account->lock);
	account->balance += by;
	mp_lock_release(&account->lock);
}

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		change(account, (int)-amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		change(account, (int)amount);
}
