/* fails waiting_costs_nothing: lets go of the first lock, naps, and asks for both again */
#include "transfer.h"

#include <time.h>

static void acquire_both(struct account *one, struct account *other)
{
	struct timespec moment = {0, 1000};
	for (;;) {
		mp_lock_acquire(&one->lock);
		if (mp_lock_try_acquire(&other->lock) == MP_OK)
			return;
		mp_lock_release(&one->lock);
		nanosleep(&moment, NULL);
	}
}

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	acquire_both(giver, taker);

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
