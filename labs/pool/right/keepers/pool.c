/* Each worker has a keeper, a process that waits for its end and starts the next one: nobody
 * has to look now and then. */
#include "pool.h"

#include <stdbool.h>

struct seat {
	struct pool *pool;
	struct mp_process keeper;
	size_t at, end; /* at < end: a chunk that is not done */
};

struct pool {
	struct mp_lock lock;
	struct mp_condition changed; /* for everybody */
	bool over;

	int seats_count, limit;
	void (*prepare)(void *);
	void *with;

	long (*function)(long);
	const long *items;
	struct pool_result *results;
	size_t count, step, next, finished;
	struct seat seats[];
};

static void finish_item(struct seat *seat, bool failed)
{
	struct pool *pool = seat->pool;
	mp_lock_acquire(&pool->lock);
	pool->results[seat->at].failed = failed;
	seat->at++;
	if (++pool->finished == pool->count)
		mp_condition_notify_all(&pool->changed, &pool->lock);
	mp_lock_release(&pool->lock);
}

static bool get_chunk(struct seat *seat)
{
	struct pool *pool = seat->pool;
	mp_lock_acquire(&pool->lock);
	while (!pool->over && pool->next >= pool->count)
		mp_condition_wait(&pool->changed, &pool->lock);
	if (pool->next < pool->count) {
		seat->at = pool->next;
		seat->end = seat->at + pool->step;
		if (seat->end > pool->count)
			seat->end = pool->count;
		pool->next = seat->end;
	}
	mp_lock_release(&pool->lock);
	return seat->at < seat->end;
}

static int work(void *argument)
{
	struct seat *seat = argument;
	struct pool *pool = seat->pool;
	if (pool->prepare != NULL)
		pool->prepare(pool->with);
	int left = pool->limit > 0 ? pool->limit : -1;
	while (left != 0 && (seat->at < seat->end || get_chunk(seat))) {
		while (seat->at < seat->end) {
			long value = pool->function(pool->items[seat->at]);
			pool->results[seat->at].value = value;
			finish_item(seat, false);
		}
		left -= left > 0;
	}
	return 0;
}

static int keep(void *argument)
{
	struct seat *seat = argument;
	bool over = false;
	while (!over) {
		struct mp_process worker = {0};
		if (mp_process_start(&worker, work, seat) != MP_OK)
			return 1;
		mp_process_join(&worker);
		if (seat->at < seat->end)
			finish_item(seat, true);
		mp_lock_acquire(&seat->pool->lock);
		over = seat->pool->over;
		mp_lock_release(&seat->pool->lock);
	}
	return 0;
}

struct pool *pool_create(int workers, int maxtasksperchild,
	void (*initializer)(void *argument), void *argument)
{
	struct pool *pool = mp_shared_new(
		sizeof(struct pool) + sizeof(struct seat) * (size_t)workers);
	if (pool == NULL)
		return NULL;
	pool->limit = maxtasksperchild;
	pool->prepare = initializer;
	pool->with = argument;
	while (pool->seats_count < workers) {
		struct seat *seat = &pool->seats[pool->seats_count];
		seat->pool = pool;
		if (mp_process_start(&seat->keeper, keep, seat) != MP_OK) {
			pool_close(pool);
			return NULL;
		}
		pool->seats_count++;
	}
	return pool;
}

long pool_map(struct pool *pool, long (*function)(long item), const long *items,
	struct pool_result *results, size_t count, size_t chunk)
{
	long failed = 0;
	mp_lock_acquire(&pool->lock);
	pool->function = function;
	pool->items = items;
	pool->results = results;
	pool->count = count;
	pool->step = chunk;
	pool->next = 0;
	pool->finished = 0;
	mp_condition_notify_all(&pool->changed, &pool->lock);
	while (pool->finished < count)
		mp_condition_wait(&pool->changed, &pool->lock);
	mp_lock_release(&pool->lock);
	for (size_t i = 0; i < count; i++)
		failed += results[i].failed != 0;
	return failed;
}

void pool_close(struct pool *pool)
{
	mp_lock_acquire(&pool->lock);
	pool->over = true;
	mp_condition_notify_all(&pool->changed, &pool->lock);
	mp_lock_release(&pool->lock);
	for (int i = 0; i < pool->seats_count; i++)
		mp_process_join(&pool->seats[i].keeper);
	mp_shared_free(pool);
}
