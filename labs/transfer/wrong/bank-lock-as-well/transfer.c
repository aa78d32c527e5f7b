/* fails strangers_do_not_wait: all transfers pass through the lock of the bank */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	mp_lock_acquire(&bank->lock);
	mp_lock_acquire(&giver->lock);
	mp_lock_acquire(&taker->lock);

	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}

	mp_lock_release(&taker->lock);
	mp_lock_release(&giver->lock);
	mp_lock_release(&bank->lock);
	return status;
}
