/* fails no_update_is_lost: the lock is a global variable, so each process has its own
 * copy */
#include "account.h"

static struct mp_lock lock;

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&lock);
		account->balance -= amount;
		mp_lock_release(&lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&lock);
		account->balance += amount;
		mp_lock_release(&lock);
	}
}
