/* The higher number first, and one way out by goto. */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	struct account *higher = from > to ? giver : taker;
	struct account *lower = from > to ? taker : giver;
	int status = -1;

	mp_lock_acquire(&higher->lock);
	mp_lock_acquire(&lower->lock);
	if (giver->balance < amount)
		goto out;
	giver->balance -= amount;
	taker->balance += amount;
	status = 0;
out:
	mp_lock_release(&lower->lock);
	mp_lock_release(&higher->lock);
	return status;
}
