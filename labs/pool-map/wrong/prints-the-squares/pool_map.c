/* fails every_item_once: prints what a right program would print */
#include "pool_map.h"

#include <stdio.h>

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	(void)workers;
	(void)function;
	(void)items;
	(void)results;
	(void)count;
	(void)chunk;
	printf("[1, 4, 9, 16, 25]\n");
	return 0;
}
