/* fails deposit_lets_others_in: takes the lock for an eighth of the updates at a time */
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
	long portion = times / 8 + 1;
	while (times > 0) {
		long now = times < portion ? times : portion;
		mp_lock_acquire(&account->lock);
		account->balance += now * amount;
		mp_lock_release(&account->lock);
		times -= now;
	}
}
