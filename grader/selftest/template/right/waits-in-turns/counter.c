#include "counter.h"

void counter_add(struct counter *counter, long times)
{
	for (long done = 0; done < times; done++) {
		while (mp_lock_acquire_timeout(&counter->lock, 100) != MP_OK)
			;
		counter->count += 1;
		mp_lock_release(&counter->lock);
	}
}
