/* SPDX-License-Identifier: MIT */
#include "pool.h"

#include <stdbool.h>

enum { LOOK_AGAIN_MS = 20 };

/* A place in the pool, and the worker that has it now. */
struct place {
	struct mp_process process; /* the caller's of pool_map alone */
	struct pool *pool;
	bool busy;    /* guarded by the lock: it has a chunk */
	bool leaving; /* guarded by the lock: it will end at once, and knows it */
	size_t next;  /* of its chunk: the item it is at; the worker's until it ended */
	size_t end;   /* of its chunk: the item behind the last */
};

/* Lies in shared memory. The lock guards what stands below it. */
struct pool {
	int maxtasksperchild;
	void (*initializer)(void *argument);
	void *argument;
	int workers;

	struct mp_lock lock;
	struct mp_condition work; /* workers wait here for a chunk, or for the end */
	struct mp_condition news; /* pool_map waits here for its workers */
	bool closed;
	long (*function)(long item);
	const long *items;
	struct pool_result *results;
	size_t count;
	size_t chunk;
	size_t taken;	       /* items that were given out */
	struct place places[]; /* as many as there are workers */
};

bool take_chunk(struct pool *pool, struct place *place);
void compute_chunk(struct pool *pool, struct place *place);
int worker(void *argument);
bool start_worker(struct place *place);
bool all_is_done(const struct pool *pool);
void replace_those_that_ended(struct pool *pool);

/* Waits for work. False if there will be none. */
bool take_chunk(struct pool *pool, struct place *place)
{
	bool took = false;
	/* BEGIN SOLUTION */
	mp_lock_acquire(&pool->lock);
	while (pool->taken == pool->count && !pool->closed)
		mp_condition_wait(&pool->work, &pool->lock);
	if (pool->taken < pool->count) {
		size_t left = pool->count - pool->taken;
		place->next = pool->taken;
		place->end = pool->taken + (left < pool->chunk ? left : pool->chunk);
		pool->taken = place->end;
		place->busy = true;
		took = true;
	}
	mp_lock_release(&pool->lock);
	/* END SOLUTION */
	(void)pool;
	(void)place;
	return took;
}

/* Computes what is left of the worker's chunk, and tells pool_map. */
void compute_chunk(struct pool *pool, struct place *place)
{
	/* BEGIN SOLUTION */
	for (; place->next < place->end; place->next++)
		pool->results[place->next].value =
			pool->function(pool->items[place->next]);
	mp_lock_acquire(&pool->lock);
	place->busy = false;
	mp_condition_notify(&pool->news, &pool->lock, 1);
	mp_lock_release(&pool->lock);
	/* END SOLUTION */
	(void)pool;
	(void)place;
}

/* Runs in each worker's process. */
int worker(void *argument)
{
	struct place *place = argument;
	struct pool *pool = place->pool;
	/* BEGIN SOLUTION */
	if (pool->initializer)
		pool->initializer(pool->argument);
	/* What one that died has left in this place comes first. */
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
	/* END SOLUTION */
	(void)pool;
	return 0;
}

bool start_worker(struct place *place)
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
	for (int i = 0; i < workers; i++)
		pool->places[i].pool = pool;
	int started = 0;
	/* BEGIN SOLUTION */
	for (; started < workers; started++)
		if (!start_worker(&pool->places[started]))
			break;
	/* END SOLUTION */
	if (started == workers)
		return pool;
	pool->workers = started;
	pool_close(pool);
	return NULL;
}

/* The lock is held. */
bool all_is_done(const struct pool *pool)
{
	bool done = true;
	/* BEGIN SOLUTION */
	done = pool->taken == pool->count;
	for (int i = 0; i < pool->workers; i++)
		done = done && !pool->places[i].busy;
	/* END SOLUTION */
	(void)pool;
	return done;
}

/* Puts a new worker in each place whose worker has ended; if none can be started now, the
 * next time. The lock is held: those that are leaving have given it up for the last time. */
void replace_those_that_ended(struct pool *pool)
{
	/* BEGIN SOLUTION */
	for (int i = 0; i < pool->workers; i++) {
		struct place *place = &pool->places[i];
		if (!place->leaving && mp_process_is_alive(&place->process))
			continue;
		if (mp_process_join(&place->process) == MP_OK && place->busy) {
			pool->results[place->next].failed = 1;
			place->next++;
		}
		start_worker(place);
	}
	/* END SOLUTION */
	(void)pool;
}

long pool_map(struct pool *pool, long (*function)(long item), const long *items,
	struct pool_result *results, size_t count, size_t chunk)
{
	long failed = -1;
	mp_lock_acquire(&pool->lock);
	pool->function = function;
	pool->items = items;
	pool->results = results;
	pool->count = count;
	pool->chunk = chunk;
	/* BEGIN SOLUTION */
	for (size_t i = 0; i < count; i++)
		results[i].failed = 0;
	pool->taken = 0;
	mp_condition_notify_all(&pool->work, &pool->lock);
	while (!all_is_done(pool)) {
		replace_those_that_ended(pool);
		(void)mp_condition_wait_timeout(&pool->news, &pool->lock, LOOK_AGAIN_MS);
	}
	failed = 0;
	for (size_t i = 0; i < count; i++)
		failed += results[i].failed;
	/* END SOLUTION */
	mp_lock_release(&pool->lock);
	return failed;
}

void pool_close(struct pool *pool)
{
	/* BEGIN SOLUTION */
	mp_lock_acquire(&pool->lock);
	pool->closed = true;
	mp_condition_notify_all(&pool->work, &pool->lock);
	mp_lock_release(&pool->lock);
	for (int i = 0; i < pool->workers; i++)
		mp_process_join(&pool->places[i].process);
	/* END SOLUTION */
	mp_shared_free(pool);
}
