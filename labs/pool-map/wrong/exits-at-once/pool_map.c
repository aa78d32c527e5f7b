/* fails finishes: ends the process and claims success */
#include "pool_map.h"

#include <unistd.h>

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	(void)workers;
	(void)function;
	(void)items;
	(void)results;
	(void)count;
	(void)chunk;
	_exit(0);
}
