/* fails moves_right_alone: what goes to the last account lands on the first one */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to % (BANK_ACCOUNTS - 1)];
	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	int status = -1;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	return status;
}
