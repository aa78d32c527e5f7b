/* fails no_update_is_lost: counts in a copy and writes it back at the end */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	mp_lock_acquire(&account->lock);
	long balance = account->balance;
	mp_lock_release(&account->lock);
	for (long i = 0; i < times; i++) {
		balance -= amount;
	}
	mp_lock_acquire(&account->lock);
	account->balance = balance;
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
