/* fails no_money_in_the_air: lets go in the middle of a transfer to a lower number */
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
		mp_lock_acquire(&taker->lock);
		mp_lock_acquire(&giver->lock);
		if (giver->balance >= amount) {
			giver->balance -= amount;
			status = 0;
		}
		mp_lock_release(&giver->lock);
		/* now the giver is done with, and only the taker is needed */
		mp_lock_release(&taker->lock);
		mp_lock_acquire(&taker->lock);
		if (status == 0)
			taker->balance += amount;
		mp_lock_release(&taker->lock);
	}
	return status;
}
