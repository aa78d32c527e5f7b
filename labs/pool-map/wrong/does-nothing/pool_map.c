/* fails every_item_once: returns success and does nothing */
#include "pool_map.h"

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	(void)workers;
	(void)function;
	(void)items;
	(void)results;
	(void)count;
	(void)chunk;
	return 0;
}
