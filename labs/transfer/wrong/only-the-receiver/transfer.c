/* fails no_update_is_lost: takes only the lock of the account that gets */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	mp_lock_acquire(&taker->lock);

	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}

	mp_lock_release(&taker->lock);
	return status;
}
