/* fails lock_is_respected: tries until nobody came in between, and ignores who holds the lock */
#include "account.h"

static void update(struct account *account, long change)
{
	long old = __atomic_load_n(&account->balance, __ATOMIC_ACQUIRE);
	while (!__atomic_compare_exchange_n(&account->balance, &old, old + change, false,
		__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		continue;
}

void account_withdraw(struct account *account, long times, long amount)
{
	while (times-- > 0)
		update(account, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	while (times-- > 0)
		update(account, amount);
}
