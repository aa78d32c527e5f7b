/* fails locks_are_free_afterwards: returns with both locks held if somebody else was faster */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&giver->lock);
	bool enough = giver->balance >= amount;
	mp_lock_release(&giver->lock);
	if (!enough)
		return -1;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	if (giver->balance < amount)
		return -1; /* somebody was faster */
	giver->balance -= amount;
	taker->balance += amount;
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return 0;
}
