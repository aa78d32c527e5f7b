/* Events in place of conditions: one that pool_map waits for, and that it clears before it looks;
 * and for each list its own start signal, a semaphore of each place. */
#include "pool.h"

#include <mp/event.h>
#include <stdbool.h>

enum what { NOTHING, LIST, END };

struct place {
	struct mp_process process;
	struct pool *pool;
	struct mp_semaphore call;
	enum what what; /* why it is called; guarded by the lock, as the next three */
	bool in_list;	/* was called for this list and has not come back */
	bool leaving;
	size_t at, end;
};

struct pool {
	struct mp_event news;
	struct mp_lock lock;
	int workers, most;
	void (*init)(void *argument);
	void *argument;
	long (*function)(long item);
	const long *items;
	struct pool_result *results;
	size_t next, count, chunk;
	struct place places[];
};

static bool take(struct place *place)
{
	struct pool *pool = place->pool;
	mp_lock_acquire(&pool->lock);
	size_t left = pool->count - pool->next;
	if (left > pool->chunk)
		left = pool->chunk;
	place->at = pool->next;
	place->end = pool->next += left;
	if (left == 0)
		place->in_list = false;
	mp_lock_release(&pool->lock);
	if (left == 0)
		mp_event_set(&pool->news);
	return left > 0;
}

static bool work_off(struct place *place)
{
	struct pool *pool = place->pool;
	for (; place->at < place->end; place->at++)
		pool->results[place->at].value = pool->function(pool->items[place->at]);
	return true;
}

static bool is_called_for(struct place *place, enum what what)
{
	mp_lock_acquire(&place->pool->lock);
	bool is = place->what == what;
	mp_lock_release(&place->pool->lock);
	return is;
}

static int live(void *argument)
{
	struct place *place = argument;
	struct pool *pool = place->pool;
	int chunks = 0;
	if (pool->init)
		pool->init(pool->argument);
	work_off(place); /* a dead one's rest */
	for (;;) {
		mp_semaphore_acquire(&place->call);
		if (is_called_for(place, END))
			return 0;
		while (take(place)) {
			work_off(place);
			if (++chunks != pool->most)
				continue;
			mp_lock_acquire(&pool->lock);
			place->leaving = true;
			mp_lock_release(&pool->lock);
			mp_event_set(&pool->news);
			return 0;
		}
	}
}

static void call(struct place *place, enum what what)
{
	mp_lock_acquire(&place->pool->lock);
	place->what = what;
	place->in_list = what == LIST;
	mp_lock_release(&place->pool->lock);
	mp_semaphore_release(&place->call);
}

struct pool *pool_create(int workers, int maxtasksperchild,
	void (*initializer)(void *argument), void *argument)
{
	struct pool *pool =
		mp_shared_new(sizeof(*pool) + (size_t)workers * sizeof(struct place));
	if (!pool)
		return NULL;
	pool->most = maxtasksperchild;
	pool->init = initializer;
	pool->argument = argument;
	for (int i = 0; i < workers; i++) {
		pool->places[i].pool = pool;
		if (mp_process_start(&pool->places[i].process, live, &pool->places[i])) {
			pool_close(pool);
			return NULL;
		}
		pool->workers = i + 1;
	}
	return pool;
}

/* True if the place has come back from the list. */
static bool look_at(struct place *place)
{
	struct pool *pool = place->pool;
	mp_lock_acquire(&pool->lock);
	bool back = !place->in_list;
	bool leaving = place->leaving;
	mp_lock_release(&pool->lock);
	if (back || (!leaving && mp_process_is_alive(&place->process)))
		return back;
	mp_process_join(&place->process);
	place->leaving = false;
	if (place->at < place->end)
		pool->results[place->at++].failed = 1;
	mp_process_start(&place->process, live, place);
	call(place, LIST); /* the new one goes to this list as well */
	return false;
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
	pool->chunk = chunk;
	pool->next = 0;
	for (size_t i = 0; i < count; i++)
		results[i].failed = 0;
	mp_lock_release(&pool->lock);
	for (int i = 0; i < pool->workers; i++)
		call(&pool->places[i], LIST);
	for (;;) {
		bool all = true;
		mp_event_clear(&pool->news);
		for (int i = 0; i < pool->workers; i++)
			all = look_at(&pool->places[i]) && all;
		if (all)
			break;
		mp_event_wait_timeout(&pool->news, 40);
	}
	for (size_t i = 0; i < count; i++)
		failed += results[i].failed;
	return failed;
}

void pool_close(struct pool *pool)
{
	for (int i = 0; i < pool->workers; i++)
		call(&pool->places[i], END);
	for (int i = 0; i < pool->workers; i++)
		mp_process_join(&pool->places[i].process);
	mp_shared_free(pool);
}
