/* fails no_deadlock: each pair has an order, the shorter way round; three accounts make a circle */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	int way = (to - from + BANK_ACCOUNTS) % BANK_ACCOUNTS;
	bool mine = way < BANK_ACCOUNTS / 2 || (way == BANK_ACCOUNTS / 2 && from < to);
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
