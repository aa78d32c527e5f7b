/* fails counts_right_alone: do-while updates even when times is 0 */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	long i = 0;
	do {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
		i++;
	} while (i < times);
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
