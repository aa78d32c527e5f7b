/* fails withdraw_lets_others_in: the lock is held for all updates together */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	for (long i = 0; i < times; i++)
		account->balance -= amount;
	mp_lock_release(&account->lock);
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
