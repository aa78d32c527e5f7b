/* fails strangers_do_not_wait: takes the lock of every account there is, in order */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	for (int i = 0; i < BANK_ACCOUNTS; i++)
		mp_lock_acquire(&bank->accounts[i].lock);

	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}

	for (int i = 0; i < BANK_ACCOUNTS; i++)
		mp_lock_release(&bank->accounts[i].lock);
	return status;
}
