/* fails no_account_goes_below_zero: takes first, and gives back under another hold of the lock */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	giver->balance -= amount;
	bool overdrawn = giver->balance < 0;
	if (!overdrawn)
		taker->balance += amount;
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	if (!overdrawn)
		return 0;
	mp_lock_acquire(&giver->lock);
	giver->balance += amount;
	mp_lock_release(&giver->lock);
	return -1;
}
