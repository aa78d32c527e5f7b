/* fails no_update_is_lost: it lets go of the lock between reading and writing */
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
		mp_lock_acquire(&account->lock);
		long before = account->balance;
		mp_lock_release(&account->lock);
		long after = before + amount;
		mp_lock_acquire(&account->lock);
		account->balance = after;
		mp_lock_release(&account->lock);
	}
}
