/* fails waiting_costs_nothing: tries each lock in a loop in place of waiting for it */
#include "transfer.h"

#include <stdint.h>

int transfer(struct bank *bank, int from, int to, long amount)
{
	struct account *giver = &bank->accounts[from];
	struct account *taker = &bank->accounts[to];

	struct mp_lock *locks[2] = {&giver->lock, &taker->lock};
	if ((uintptr_t)locks[0] > (uintptr_t)locks[1]) {
		locks[0] = &taker->lock;
		locks[1] = &giver->lock;
	}
	for (int i = 0; i < 2; i++)
		while (mp_lock_try_acquire(locks[i]) != MP_OK)
			continue;
	bool enough = giver->balance >= amount;
	giver->balance -= enough ? amount : 0;
	taker->balance += enough ? amount : 0;
	for (int i = 2; i-- > 0;)
		mp_lock_release(locks[i]);
	return enough ? 0 : -1;
}
