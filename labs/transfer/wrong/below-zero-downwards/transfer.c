/* fails no_account_goes_below_zero: a transfer to a lower number looks, lets go, and takes the money later */
#include "transfer.h"

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
		mp_lock_acquire(&giver->lock);
		bool enough = giver->balance >= amount;
		mp_lock_release(&giver->lock);
		mp_lock_acquire(&taker->lock);
		mp_lock_acquire(&giver->lock);
		if (enough) {
			giver->balance -= amount;
			taker->balance += amount;
			status = 0;
		}
		mp_lock_release(&giver->lock);
		mp_lock_release(&taker->lock);
	}
	return status;
}
