/* fails compiles: the parameters are not those of the header */
#include "pool_map.h"

#include <stdlib.h>

int pool_map(long (*function)(long item), const long *items, long *results, size_t count)
{
	for (size_t i = 0; i < count; i++)
		results[i] = function(items[i]);
	return 0;
}
