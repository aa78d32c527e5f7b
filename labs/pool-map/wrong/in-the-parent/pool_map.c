/* fails workers_do_the_work: no process is started at all */
#include "pool_map.h"

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	(void)workers;
	(void)chunk;
	for (size_t i = 0; i < count; i++)
		results[i] = function(items[i]);
	return 0;
}
