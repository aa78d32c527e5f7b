/* fails no_money_in_the_air: lets go of the first lock before it puts the money into the second account */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	mp_lock_acquire(&giver->lock);
	if (giver->balance < amount) {
		mp_lock_release(&giver->lock);
		return -1;
	}
	giver->balance -= amount;
	mp_lock_release(&giver->lock);

	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	taker->balance += amount;

	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return 0;
}
