/* fails no_update_is_lost: in the end it reads the balance without the lock */
#include "account.h"

#include <stdio.h>

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
	if (account->balance < -1000000000)
		fprintf(stderr, "what a debt\n");
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
	if (account->balance < -1000000000)
		fprintf(stderr, "what a debt\n");
}
