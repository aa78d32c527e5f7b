/* fails no_update_is_lost: no lock at all */
#include "transfer.h"

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	int status = -1;
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	return status;
}
