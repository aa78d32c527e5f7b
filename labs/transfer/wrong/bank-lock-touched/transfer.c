/* fails strangers_do_not_wait: takes the lock of the bank for a moment before it begins */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	/* both accounts must exist */
	mp_lock_acquire(&bank->lock);
	bool there = from < BANK_ACCOUNTS && to < BANK_ACCOUNTS;
	mp_lock_release(&bank->lock);
	if (!there)
		return -1;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
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
