/* fails waiting_costs_nothing: waits for the first update as it should, then asks again and again */
#include "account.h"

#include <sched.h>

static void update(struct account *account, long times, long change)
{
	if (times <= 0)
		return;
	mp_lock_acquire(&account->lock);
	account->balance += change;
	while (--times > 0) {
		mp_lock_release(&account->lock);
		do
			sched_yield();
		while (mp_lock_try_acquire(&account->lock) != MP_OK);
		account->balance += change;
	}
	mp_lock_release(&account->lock);
}

void account_withdraw(struct account *account, long times, long amount)
{
	update(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	update(account, times, amount);
}
