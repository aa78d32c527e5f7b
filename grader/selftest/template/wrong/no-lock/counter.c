/* fails no_update_is_lost: no lock at all */
#include "counter.h"

void counter_add(struct counter *counter, long times)
{
	for (long i = 0; i < times; i++)
		counter->count++;
}
