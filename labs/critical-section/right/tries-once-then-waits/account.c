/* Tries whether the lock is free, and waits if it is not. */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		if (mp_lock_try_acquire(&account->lock) == MP_BUSY)
			mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		if (mp_lock_try_acquire(&account->lock) == MP_BUSY)
			mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
