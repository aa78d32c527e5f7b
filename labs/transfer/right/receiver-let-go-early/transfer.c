#include "transfer.h"
int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];
	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	bool enough = giver->balance >= amount;
	if (enough)
		taker->balance += amount;
	mp_lock_release(&taker->lock);
	if (enough)
		giver->balance -= amount;
	mp_lock_release(&giver->lock);
	return enough ? 0 : -1;
}
