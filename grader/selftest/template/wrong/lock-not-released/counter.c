/* fails lock_is_free_afterwards: leaves the loop on its last turn, before the release */
#include "counter.h"

void counter_add(struct counter *counter, long times)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&counter->lock);
		counter->count++;
		if (i == times - 1)
			return;
		mp_lock_release(&counter->lock);
	}
}
