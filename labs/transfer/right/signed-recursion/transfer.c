#include "transfer.h"
/* change of the lower one; the higher one changes by the opposite */
static int shift(struct account *low, struct account *high, long change)
{
	int status = -1;
	mp_lock_acquire(&low->lock);
	if (low->balance + change < 0)
		goto out;
	mp_lock_acquire(&high->lock);
	if (high->balance - change >= 0) {
		low->balance += change;
		high->balance -= change;
		status = 0;
	}
	mp_lock_release(&high->lock);
out:
	mp_lock_release(&low->lock);
	return status;
}
int transfer(struct bank *bank, int from, int to, long amount)
{
	return from < to ? shift(&bank->accounts[from], &bank->accounts[to], -amount)
			 : shift(&bank->accounts[to], &bank->accounts[from], amount);
}
