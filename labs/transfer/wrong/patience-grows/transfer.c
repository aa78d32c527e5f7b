/* fails waiting_costs_nothing: waits for the second lock a little longer each time, and starts again */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	for (long wait = 1;; wait++) {
		mp_lock_acquire(&giver->lock);
		if (mp_lock_acquire_timeout(&taker->lock, wait) == MP_OK)
			break;
		mp_lock_release(&giver->lock);
	}
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
