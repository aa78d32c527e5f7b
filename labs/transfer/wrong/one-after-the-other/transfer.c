/* fails no_money_in_the_air: takes under one lock, then puts under the other */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	mp_lock_acquire(&giver->lock);
	bool enough = giver->balance >= amount;
	if (enough)
		giver->balance -= amount;
	mp_lock_release(&giver->lock);
	if (!enough)
		return -1;
	mp_lock_acquire(&taker->lock);
	taker->balance += amount;
	mp_lock_release(&taker->lock);
	return 0;
}
