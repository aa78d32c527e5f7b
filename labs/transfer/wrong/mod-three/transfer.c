/* fails no_deadlock: the order depends on how far apart the accounts are, so that some pairs have none */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	bool mine = (to - from + BANK_ACCOUNTS) % 3 == 1;
	struct account *first = mine ? giver : taker;
	struct account *second = mine ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
