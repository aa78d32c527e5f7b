/* One function does both, with a signed amount. */
#include "account.h"

static void update(struct account *account, long times, long change)
{
	while (times-- > 0) {
		mp_lock_acquire(&account->lock);
		long balance = account->balance;
		balance = balance + change;
		account->balance = balance;
		mp_lock_release(&account->lock);
	}
}

void account_withdraw(struct account *account, long times, long amount)
{
	update(account, times, amount * -1);
}

void account_deposit(struct account *account, long times, long amount)
{
	update(account, times, amount);
}
