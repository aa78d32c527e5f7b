/* Says so if it has to wait for long, and waits on. */
#include "account.h"

#include <stdio.h>

static void enter(struct account *account)
{
	if (mp_lock_acquire_timeout(&account->lock, 5000) == MP_OK)
		return;
	fputs("This takes long.\n", stderr);
	mp_lock_acquire(&account->lock);
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
