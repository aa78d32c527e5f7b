/* fails moves_right_alone: computes with int, where balances are long */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	int status = -1;
	int left = giver->balance - amount;
	int got = taker->balance + amount;
	if (left >= 0) {
		giver->balance = left;
		taker->balance = got;
		status = 0;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
