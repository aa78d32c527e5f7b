/* fails no_update_is_lost: waits for the lock up to a second, then updates all the same */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		int status = mp_lock_acquire_timeout(&account->lock, 1000);
		account->balance -= amount;
		if (status == MP_OK)
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
