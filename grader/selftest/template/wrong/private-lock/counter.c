/* fails no_update_is_lost: the lock is a global variable, so each process has its own */
#include "counter.h"

static struct mp_lock lock;

void counter_add(struct counter *counter, long times)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&lock);
		counter->count++;
		mp_lock_release(&lock);
	}
}
