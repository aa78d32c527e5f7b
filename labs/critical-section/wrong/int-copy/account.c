/* fails counts_right_alone: the balance is a long, the copy an int */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		int balance = (int)account->balance;
		balance -= (int)amount;
		account->balance = balance;
		mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
