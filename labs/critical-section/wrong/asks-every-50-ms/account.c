/* fails waiting_costs_nothing: wakes up 20 times a second to ask for the lock */
#include "account.h"

static void enter(struct account *account)
{
	while (mp_lock_acquire_timeout(&account->lock, 50) == MP_TIMEOUT)
		continue;
}

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		enter(account);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (; times > 0; --times) {
		enter(account);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
