/* One branch for each direction, each with its own acquires. */
#include "transfer.h"

static int move(struct account *giver, struct account *taker, long amount)
{
	if (amount > giver->balance)
		return -1;
	giver->balance = giver->balance - amount;
	taker->balance = taker->balance + amount;
	return 0;
}

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *accounts = bank->accounts;
	if (from < to) {
		mp_lock_acquire(&accounts[from].lock);
		mp_lock_acquire(&accounts[to].lock);
	} else {
		mp_lock_acquire(&accounts[to].lock);
		mp_lock_acquire(&accounts[from].lock);
	}
	int status = move(&accounts[from], &accounts[to], amount);
	mp_lock_release(&accounts[from].lock);
	mp_lock_release(&accounts[to].lock);
	return status;
}
