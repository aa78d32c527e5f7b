/* fails no_update_is_lost: reads the balance before the lock is held and writes back what it read */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	long balance = giver->balance;
	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);

	int status = -1;
	if (balance >= amount) {
		giver->balance = balance - amount;
		taker->balance += amount;
		status = 0;
	}

	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
