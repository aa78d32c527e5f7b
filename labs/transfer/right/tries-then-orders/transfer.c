#include "transfer.h"
/* Takes them as they come if both are free; in order if not. */
int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];
	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&second->lock);
	if (mp_lock_try_acquire(&first->lock) != MP_OK) {
		mp_lock_release(&second->lock);
		mp_lock_acquire(&first->lock);
		mp_lock_acquire(&second->lock);
	}
	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
