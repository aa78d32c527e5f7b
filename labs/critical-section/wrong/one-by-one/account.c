/* fails withdraw_lets_others_in: an update in steps of 1: others get the lock within it, too */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times * amount; i++) {
		mp_lock_acquire(&account->lock);
		account->balance--;
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
