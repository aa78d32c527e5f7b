/* pool_map hands out the chunks itself: each worker has a box of its own, in which it finds
 * its next chunk or the word that it may go. */
#include "pool.h"

enum state { IDLE, HAS_CHUNK, MAY_GO };

struct box {
	struct pool *pool;
	struct mp_process process;
	struct mp_condition filled;
	enum state state; /* guarded by the pool's lock, as the next two */
	size_t current;	  /* while it has a chunk, the worker's own */
	size_t end;
	int chunks; /* that it was given */
};

struct pool {
	struct mp_lock lock;
	struct mp_condition emptied;
	int workers;
	int maxtasksperchild;
	void (*initializer)(void *argument);
	void *argument;
	long (*function)(long item);
	const long *items;
	struct pool_result *results;
	struct box boxes[];
};

static int live(void *argument)
{
	struct box *box = argument;
	struct pool *pool = box->pool;
	if (pool->initializer)
		pool->initializer(pool->argument);
	mp_lock_acquire(&pool->lock);
	for (;;) {
		while (box->state == IDLE)
			mp_condition_wait(&box->filled, &pool->lock);
		if (box->state == MAY_GO)
			break;
		mp_lock_release(&pool->lock);
		for (; box->current < box->end; box->current++) {
			struct pool_result *result = &pool->results[box->current];
			result->value = pool->function(pool->items[box->current]);
			result->failed = 0;
		}
		mp_lock_acquire(&pool->lock);
		box->state = IDLE;
		mp_condition_notify_all(&pool->emptied, &pool->lock);
	}
	mp_lock_release(&pool->lock);
	return 0;
}

static void tell(struct box *box, enum state state)
{
	box->state = state;
	mp_condition_notify_all(&box->filled, &box->pool->lock);
}

static int start(struct box *box)
{
	box->chunks = 0;
	return mp_process_start(&box->process, live, box) == MP_OK;
}

/* Sends away one that has done its chunks. It needs the lock for that. */
static int renew(struct box *box)
{
	tell(box, MAY_GO);
	mp_lock_release(&box->pool->lock);
	mp_process_join(&box->process);
	mp_lock_acquire(&box->pool->lock);
	box->state = IDLE;
	return start(box);
}

static int after_death(struct box *box)
{
	mp_process_join(&box->process);
	box->pool->results[box->current].failed = 1;
	box->current++;
	if (box->current == box->end)
		box->state = IDLE;
	return start(box);
}

/* Gives the box what comes next; how many items that is, or -1. */
static long serve(struct box *box, size_t next, size_t left, size_t chunk)
{
	struct pool *pool = box->pool;
	if (box->state == HAS_CHUNK && !mp_process_is_alive(&box->process))
		return after_death(box) ? 0 : -1;
	if (box->state == HAS_CHUNK || left == 0)
		return 0;
	if (pool->maxtasksperchild > 0 && box->chunks == pool->maxtasksperchild &&
		!renew(box))
		return -1;
	size_t size = left < chunk ? left : chunk;
	box->current = next;
	box->end = next + size;
	box->chunks++;
	tell(box, HAS_CHUNK);
	return (long)size;
}

static int busy(const struct pool *pool)
{
	for (int i = 0; i < pool->workers; i++)
		if (pool->boxes[i].state == HAS_CHUNK)
			return 1;
	return 0;
}

static long count_failed(const struct pool_result *results, size_t count)
{
	return count == 0 ? 0 : results->failed + count_failed(results + 1, count - 1);
}

struct pool *pool_create(int workers, int maxtasksperchild,
	void (*initializer)(void *argument), void *argument)
{
	struct pool *pool =
		mp_shared_new(sizeof(*pool) + (size_t)workers * sizeof(pool->boxes[0]));
	if (!pool)
		return NULL;
	pool->maxtasksperchild = maxtasksperchild;
	pool->initializer = initializer;
	pool->argument = argument;
	for (int i = 0; i < workers; i++) {
		pool->boxes[i].pool = pool;
		if (!start(&pool->boxes[i])) {
			pool_close(pool);
			return NULL;
		}
		pool->workers++;
	}
	return pool;
}

long pool_map(struct pool *pool, long (*function)(long item), const long *items,
	struct pool_result *results, size_t count, size_t chunk)
{
	size_t next = 0;
	long given = 0;
	mp_lock_acquire(&pool->lock);
	pool->function = function;
	pool->items = items;
	pool->results = results;
	do {
		for (int i = 0; given >= 0 && i < pool->workers; i++) {
			given = serve(&pool->boxes[i], next, count - next, chunk);
			next += given > 0 ? (size_t)given : 0;
		}
		if (given >= 0 && busy(pool))
			mp_condition_wait_timeout(&pool->emptied, &pool->lock, 25);
	} while (given >= 0 && (next < count || busy(pool)));
	mp_lock_release(&pool->lock);
	return given < 0 ? -1 : count_failed(results, count);
}

void pool_close(struct pool *pool)
{
	mp_lock_acquire(&pool->lock);
	for (int i = 0; i < pool->workers; i++)
		tell(&pool->boxes[i], MAY_GO);
	mp_lock_release(&pool->lock);
	for (int i = 0; i < pool->workers; i++)
		mp_process_join(&pool->boxes[i].process);
	mp_shared_free(pool);
}
