/* fails a_death_is_noticed_soon: looks for deaths once in ten seconds */
#include "pool.h"

#include <stdbool.h>

struct place {
	struct mp_process process;
	struct pool *pool;
	bool busy;
	bool leaving;
	size_t next;
	size_t end;
};

struct pool {
	int maxtasksperchild;
	void (*initializer)(void *argument);
	void *argument;
	int workers;

	struct mp_lock lock; /* guards what stands below */
	struct mp_condition work;
	struct mp_condition news;
	bool closed;
	long (*function)(long item);
	const long *items;
	struct pool_result *results;
	size_t count;
	size_t chunk;
	size_t taken;
	struct place places[];
};

static bool take_chunk(struct pool *pool, struct place *place)
{
	mp_lock_acquire(&pool->lock);
	while (pool->taken == pool->count && !pool->closed)
		mp_condition_wait(&pool->work, &pool->lock);
	bool took = pool->taken < pool->count;
	if (took) {
		size_t left = pool->count - pool->taken;
		place->next = pool->taken;
		place->end = pool->taken + (left < pool->chunk ? left : pool->chunk);
		pool->taken = place->end;
		place->busy = true;
	}
	mp_lock_release(&pool->lock);
	return took;
}

static void compute_chunk(struct pool *pool, struct place *place)
{
	for (; place->next < place->end; place->next++)
		pool->results[place->next].value =
			pool->function(pool->items[place->next]);
	mp_lock_acquire(&pool->lock);
	place->busy = false;
	mp_condition_notify(&pool->news, &pool->lock, 1);
	mp_lock_release(&pool->lock);
}

static int worker(void *argument)
{
	struct place *place = argument;
	struct pool *pool = place->pool;
	if (pool->initializer)
		pool->initializer(pool->argument);
	if (place->busy)
		compute_chunk(pool, place);
	int chunks = 0;
	while (take_chunk(pool, place)) {
		compute_chunk(pool, place);
		if (++chunks == pool->maxtasksperchild)
			break;
	}
	mp_lock_acquire(&pool->lock);
	place->leaving = true;
	mp_condition_notify(&pool->news, &pool->lock, 1);
	mp_lock_release(&pool->lock);
	return 0;
}

static bool start_worker(struct place *place)
{
	place->leaving = false;
	return mp_process_start(&place->process, worker, place) == MP_OK;
}

struct pool *pool_create(int workers, int maxtasksperchild,
	void (*initializer)(void *argument), void *argument)
{
	struct pool *pool =
		mp_shared_new(sizeof(*pool) + (size_t)workers * sizeof(struct place));
	if (!pool)
		return NULL;
	pool->workers = workers;
	pool->maxtasksperchild = maxtasksperchild;
	pool->initializer = initializer;
	pool->argument = argument;
	for (int i = 0; i < workers; i++) {
		pool->places[i].pool = pool;
		start_worker(&pool->places[i]);
	}
	return pool;
}

static bool all_is_done(const struct pool *pool)
{
	bool done = pool->taken == pool->count;
	for (int i = 0; i < pool->workers; i++)
		done = done && !pool->places[i].busy;
	return done;
}

static void replace_those_that_ended(struct pool *pool)
{
	for (int i = 0; i < pool->workers; i++) {
		struct place *place = &pool->places[i];
		if (!place->leaving && mp_process_is_alive(&place->process))
			continue;
		mp_process_join(&place->process);
		if (place->busy) {
			pool->results[place->next].failed = 1;
			place->next++;
		}
		start_worker(place);
	}
}

long pool_map(struct pool *pool, long (*function)(long item), const long *items,
	struct pool_result *results, size_t count, size_t chunk)
{
	mp_lock_acquire(&pool->lock);
	pool->function = function;
	pool->items = items;
	pool->results = results;
	pool->count = count;
	pool->chunk = chunk;
	for (size_t i = 0; i < count; i++)
		results[i].failed = 0;
	pool->taken = 0;
	mp_condition_notify_all(&pool->work, &pool->lock);
	while (!all_is_done(pool)) {
		replace_those_that_ended(pool);
		mp_condition_wait_timeout(&pool->news, &pool->lock, 10000);
	}
	long failed = 0;
	for (size_t i = 0; i < count; i++)
		failed += results[i].failed;
	mp_lock_release(&pool->lock);
	return failed;
}

void pool_close(struct pool *pool)
{
	mp_lock_acquire(&pool->lock);
	pool->closed = true;
	mp_condition_notify_all(&pool->work, &pool->lock);
	mp_lock_release(&pool->lock);
	for (int i = 0; i < pool->workers; i++)
		mp_process_join(&pool->places[i].process);
	mp_shared_free(pool);
}
