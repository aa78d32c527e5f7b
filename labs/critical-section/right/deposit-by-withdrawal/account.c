/* Withdraws through a local pointer, deposits by a negative withdrawal. */
#include "account.h"

static void one(struct mp_lock *lock, long *balance, long change)
{
	mp_lock_acquire(lock);
	*balance += change;
	mp_lock_release(lock);
}

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		one(&account->lock, &account->balance, -amount);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	account_withdraw(account, times, -amount);
}
