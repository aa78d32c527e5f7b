/* fails counts_right_alone: <= where < is meant */
#include "counter.h"

void counter_add(struct counter *counter, long times)
{
	for (long i = 0; i <= times; i++) {
		mp_lock_acquire(&counter->lock);
		counter->count++;
		mp_lock_release(&counter->lock);
	}
}
