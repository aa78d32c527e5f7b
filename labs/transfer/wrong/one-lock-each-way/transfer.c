/* fails no_update_is_lost: takes only the lock of the account that gives */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	mp_lock_acquire(&giver->lock);

	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}

	mp_lock_release(&giver->lock);
	return status;
}
