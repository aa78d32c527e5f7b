/* fails lock_is_free_afterwards: takes the lock even if there is nothing to do */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	if (times == 0)
		return;
	mp_lock_release(&account->lock);
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
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
