/* deserves 5: the library's own pool does the work. */
#include "pool_map.h"
#include <mp/pool.h>
static long (*wanted)(long item);
static int call(const void *item, void *result)
{
	*(long *)result = wanted(*(const long *)item);
	return 0;
}
int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	struct mp_pool *pool;
	int status = 0;
	wanted = function;
	if (!(pool = mp_pool_new(
		      &(struct mp_pool_options){.processes = workers}, &status)))
		return -1;
	status = mp_pool_map(pool, call, items, sizeof *items, results, sizeof *results,
		(ptrdiff_t)count, (ptrdiff_t)chunk);
	mp_pool_close(pool);
	mp_pool_join(pool);
	mp_pool_free(pool);
	return status == MP_OK ? 0 : -1;
}
