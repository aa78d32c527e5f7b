#include "counter.h"

static void step(struct counter *counter)
{
	mp_lock_acquire(&counter->lock);
	long seen = counter->count;
	counter->count = seen + 1;
	mp_lock_release(&counter->lock);
}

void counter_add(struct counter *counter, long times)
{
	while (times-- > 0)
		step(counter);
}
