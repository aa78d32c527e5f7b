/* fails no_account_goes_below_zero: another process sees too little money while this one
 * has taken it on trial and puts it back */
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
	bool enough = giver->balance >= 0;

	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);

	first = from < to ? giver : taker;
	second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);

	if (enough)
		taker->balance += amount;
	else
		giver->balance += amount;

	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return enough ? 0 : -1;
}
