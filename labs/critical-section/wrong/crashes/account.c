/* fails finishes: writes through a pointer that was never set */
#include "account.h"

#include <stddef.h>

void account_withdraw(struct account *account, long times, long amount)
{
	struct account *mine = NULL;
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
	mine->balance = account->balance;
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
