/* fails strangers_do_not_wait: takes the locks of all accounts from the lower number to the higher one */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	int low = from < to ? from : to;
	int high = from < to ? to : from;
	for (int i = low; i <= high; i++)
		mp_lock_acquire(&bank->accounts[i].lock);
	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	for (int i = high; i >= low; i--)
		mp_lock_release(&bank->accounts[i].lock);
	return status;
}
