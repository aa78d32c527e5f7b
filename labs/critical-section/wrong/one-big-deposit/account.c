/* fails deposit_lets_others_in: makes one update of all */
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
	mp_lock_acquire(&account->lock);
	account->balance += times * amount;
	mp_lock_release(&account->lock);
}
