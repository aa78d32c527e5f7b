/* fails waiting_costs_nothing: a transfer to a lower number asks again and again */
#include "transfer.h"

#include <sched.h>

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	int status = -1;
	if (from < to) {
		mp_lock_acquire(&giver->lock);
		mp_lock_acquire(&taker->lock);
		if (giver->balance >= amount) {
			giver->balance -= amount;
			taker->balance += amount;
			status = 0;
		}
		mp_lock_release(&taker->lock);
		mp_lock_release(&giver->lock);
	} else {
		for (;;) {
			mp_lock_acquire(&giver->lock);
			if (mp_lock_try_acquire(&taker->lock) == MP_OK)
				break;
			mp_lock_release(&giver->lock);
			sched_yield();
		}
		if (giver->balance >= amount) {
			giver->balance -= amount;
			taker->balance += amount;
			status = 0;
		}
		mp_lock_release(&giver->lock);
		mp_lock_release(&taker->lock);
	}
	return status;
}
