/* fails no_update_is_lost: does not release the lock if it had to wait for it */
#include "account.h"

static bool was_free(struct account *account)
{
	int status = mp_lock_try_acquire(&account->lock);
	if (status == MP_BUSY)
		mp_lock_acquire(&account->lock);
	return status == MP_OK;
}

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		bool free = was_free(account);
		account->balance -= amount;
		if (free)
			mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		bool free = was_free(account);
		account->balance += amount;
		if (free)
			mp_lock_release(&account->lock);
	}
}
