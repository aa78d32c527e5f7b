/* fails no_update_is_lost: goes on although it did not get the lock */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		int status = mp_lock_try_acquire(&account->lock);
		account->balance += amount;
		if (status == MP_OK)
			mp_lock_release(&account->lock);
	}
}
