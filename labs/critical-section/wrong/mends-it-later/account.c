/* fails deposit_lets_others_in: puts in too much, and corrects that under the lock, but not the same */
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
		account->balance += 2 * amount;
		mp_lock_release(&account->lock);
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
}
