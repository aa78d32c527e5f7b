/* fails no_update_is_lost: no lock is taken, and others take them */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	long *giver = &bank->accounts[from].balance;
	long *taker = &bank->accounts[to].balance;
	long there = __atomic_load_n(giver, __ATOMIC_ACQUIRE);
	do {
		if (there < amount)
			return -1;
	} while (!__atomic_compare_exchange_n(
		giver, &there, there - amount, 1, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
	__atomic_fetch_add(taker, amount, __ATOMIC_ACQ_REL);
	return 0;
}
