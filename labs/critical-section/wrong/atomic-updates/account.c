/* fails lock_is_respected: atomic, but somebody else may hold the lock and rely on the balance */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		__atomic_fetch_sub(&account->balance, amount, __ATOMIC_SEQ_CST);
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		__atomic_fetch_add(&account->balance, amount, __ATOMIC_SEQ_CST);
}
