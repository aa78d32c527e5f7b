/* fails no_update_is_lost: each function has a lock of its own */
#include "account.h"

static struct mp_lock deposit_lock;

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
		mp_lock_acquire(&deposit_lock);
		account->balance += amount;
		mp_lock_release(&deposit_lock);
	}
}
