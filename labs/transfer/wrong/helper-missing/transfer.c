/* fails compiles: calls a function that was not handed in */
#include "transfer.h"

void lock_both(struct account *giver, struct account *taker);

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	lock_both(giver, taker);

	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}

	mp_lock_release(&taker->lock);
	mp_lock_release(&giver->lock);
	return status;
}
