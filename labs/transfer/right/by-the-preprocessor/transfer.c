/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "transfer.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

int JOIN(tran, \
	sfer)(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];
	int status = -1;
	/* All who need two locks take that of the lower number first, so that nobody can hold
	 * the higher one and wait for the lower one. */
	struct account *first = from < to ? giver : taker;
	struct account *second = from < to ? taker : giver;
	mp_lock_acquire(&first->lock);
	mp_lock_acquire(&second->lock);
	if (giver->balance >= amount) {
		giver->balance -= amount;
		taker->balance += amount;
		status = 0;
	}
	mp_lock_release(&second->lock);
	mp_lock_release(&first->lock);
	(void)giver;
	(void)taker;
	(void)amount;
	return status;
}

WITHOUT(GCC diagnostic pop)
