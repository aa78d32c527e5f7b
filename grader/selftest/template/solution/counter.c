/* SPDX-License-Identifier: MIT */
#include "counter.h"

void counter_add(struct counter *counter, long times)
{
	/* BEGIN SOLUTION */
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&counter->lock);
		counter->count++;
		mp_lock_release(&counter->lock);
	}
	/* END SOLUTION */
	(void)counter;
	(void)times;
}
