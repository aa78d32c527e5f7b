/* fails counts_right_alone: a double holds no long above 2^53 exactly */
#include "account.h"

static void change(struct account *account, long times, double amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		double balance = (double)account->balance;
		account->balance = (long)(balance + amount);
		mp_lock_release(&account->lock);
	}
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -(double)amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, (double)amount);
}
