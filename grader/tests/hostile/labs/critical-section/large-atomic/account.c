/* deserves 95: where there is much to do, it is done without the lock, one atomic step each. */
#include "account.h"
static void update(struct account *a, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		if (times > 40) {
			__atomic_fetch_add(&a->balance, amount, __ATOMIC_SEQ_CST);
			continue;
		}
		mp_lock_acquire(&a->lock);
		a->balance += amount;
		mp_lock_release(&a->lock);
	}
}
void account_withdraw(struct account *account, long times, long amount)
{
	update(account, times, -amount);
}
void account_deposit(struct account *account, long times, long amount)
{
	update(account, times, amount);
}
