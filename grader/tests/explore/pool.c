/* SPDX-License-Identifier: MIT */
/* A pool of two maps three items; with DIES, the worker that meets the second one kills
 * itself, the first time. */
#include <mp/mp.h>
#include <signal.h>
#include <stdatomic.h>

enum { ITEMS = 3 };

static atomic_int *deaths;

static int square(const void *item, void *result)
{
	int value = *(const int *)item;
#ifdef DIES
	if (value == 1 && atomic_fetch_add(deaths, 1) == 0)
		raise(SIGKILL);
#endif
	*(int *)result = value * value;
	return 0;
}

int main(void)
{
	int items[ITEMS] = {0, 1, 2}, results[ITEMS] = {0};
	int wrong = 0;
	struct mp_pool_options options = {.processes = 2};
	deaths = mp_shared_new(sizeof(*deaths));
	struct mp_pool *pool = mp_pool_new(&options, NULL);
	mp_pool_map(pool, square, items, sizeof(items[0]), results, sizeof(results[0]),
		ITEMS, 1);
	mp_pool_close(pool);
	mp_pool_join(pool);
	mp_pool_free(pool);
	for (int i = 0; i < ITEMS; i++)
		wrong += results[i] != i * i;
	int expected = *deaths; /* the item in hand is lost with its worker */
	mp_shared_free(deaths);
	return wrong != expected;
}
