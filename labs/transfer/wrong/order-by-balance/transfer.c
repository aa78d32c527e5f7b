/* fails no_update_is_lost: it looks at both balances before it has a lock */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];
	struct account *first =
		giver->balance > taker->balance ||
				(giver->balance == taker->balance && from < to)
			? giver
			: taker;
	struct account *second =
		giver->balance > taker->balance ||
				(giver->balance == taker->balance && from < to)
			? taker
			: giver;
	int status = -1;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
