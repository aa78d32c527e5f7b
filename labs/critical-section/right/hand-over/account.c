/* Lets go of the lock only to take it again. */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	for (long i = 0; i < times; i++) {
		account->balance -= amount;
		mp_lock_release(&account->lock);
		mp_lock_acquire(&account->lock);
	}
	mp_lock_release(&account->lock);
}

void account_deposit(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	for (long i = 0; i < times; i++) {
		account->balance += amount;
		mp_lock_release(&account->lock);
		mp_lock_acquire(&account->lock);
	}
	mp_lock_release(&account->lock);
}
