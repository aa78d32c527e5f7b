/* fails lock_is_free_afterwards: leaves the loop on its last turn, before the release */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		if (i == times - 1)
			return;
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
