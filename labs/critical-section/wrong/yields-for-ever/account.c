/* fails waiting_costs_nothing: withdraw gives the processor away and comes back at once, again and again */
#include "account.h"

#include <sched.h>

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		while (mp_lock_try_acquire(&account->lock) != MP_OK)
			sched_yield();
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
