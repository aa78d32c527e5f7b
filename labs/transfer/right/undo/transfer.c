#include "transfer.h"
int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];
	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	int status = 0;
	giver->balance -= amount;
	taker->balance += amount;
	if (giver->balance < 0) {
		giver->balance += amount;
		taker->balance -= amount;
		status = -1;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
