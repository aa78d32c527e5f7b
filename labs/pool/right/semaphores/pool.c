/* Semaphores count the chunks that wait and the news for pool_map; what a dead worker has
 * left goes back to the pile. */
#include "pool.h"

typedef struct range {
	size_t first, end;
} range;

typedef struct slot {
	struct pool *pool;
	struct mp_process process;
	range has;   /* what the worker has of the list and has not accounted for */
	size_t item; /* the one it is at */
	range rest;  /* what a dead one had not begun */
	int leaves;
} slot;

struct pool {
	struct mp_semaphore chunks, news;
	struct mp_lock lock;
	int size, most;
	void (*init)(void *);
	void *init_argument;
	long (*function)(long);
	const long *items;
	struct pool_result *results;
	size_t count, chunk, next, accounted;
	slot slots[];
};

/* There is a permission for each chunk of the list, for each rest, and for each worker at
 * the end. */
static int take(slot *s)
{
	struct pool *p = s->pool;
	mp_lock_acquire(&p->lock);
	for (int i = 0; i < p->size && s->has.first == s->has.end; i++) {
		s->has = p->slots[i].rest;
		p->slots[i].rest = (range){0, 0};
	}
	if (s->has.first == s->has.end && p->next < p->count) {
		s->has.first = p->next;
		p->next += p->chunk;
		if (p->next > p->count)
			p->next = p->count;
		s->has.end = p->next;
	}
	s->item = s->has.first;
	int any = s->has.first < s->has.end;
	mp_lock_release(&p->lock);
	return any;
}

static void report(slot *s, size_t items, int leaves)
{
	struct pool *p = s->pool;
	mp_lock_acquire(&p->lock);
	p->accounted += items;
	s->has.first += items;
	s->leaves = leaves;
	mp_lock_release(&p->lock);
	mp_semaphore_release(&p->news);
}

static int body(void *argument)
{
	slot *s = argument;
	struct pool *p = s->pool;
	int done = 0;
	if (p->init)
		(*p->init)(p->init_argument);
	do {
		mp_semaphore_acquire(&p->chunks);
		if (!take(s))
			return 0;
		while (s->item < s->has.end) {
			p->results[s->item].value = p->function(p->items[s->item]);
			s->item++;
		}
		done++;
		report(s, s->has.end - s->has.first, done == p->most);
	} while (done != p->most);
	return 0;
}

static int launch(slot *s)
{
	s->leaves = 0;
	return mp_process_start(&s->process, body, s) == MP_OK ? 0 : -1;
}

/* The lock is held, and the worker has ended. */
static void bury(slot *s)
{
	struct pool *p = s->pool;
	if (s->has.first == s->has.end)
		return;
	p->results[s->item].failed = 1;
	p->accounted += s->item + 1 - s->has.first;
	s->rest = (range){s->item + 1, s->has.end};
	s->has = (range){0, 0};
	if (s->rest.first < s->rest.end)
		mp_semaphore_release(&p->chunks);
}

static int inspect(struct pool *p)
{
	int status = 0;
	mp_lock_acquire(&p->lock);
	for (slot *s = p->slots; s < p->slots + p->size; s++) {
		if (!s->leaves && mp_process_is_alive(&s->process))
			continue;
		mp_process_join(&s->process);
		bury(s);
		status |= launch(s);
	}
	mp_lock_release(&p->lock);
	return status;
}

struct pool *pool_create(int workers, int maxtasksperchild,
	void (*initializer)(void *argument), void *argument)
{
	struct pool *p = mp_shared_new(sizeof(*p) + (size_t)workers * sizeof(slot));
	if (!p)
		return NULL;
	p->most = maxtasksperchild;
	p->init = initializer;
	p->init_argument = argument;
	for (; p->size < workers; p->size++) {
		p->slots[p->size].pool = p;
		if (launch(&p->slots[p->size])) {
			pool_close(p);
			return NULL;
		}
	}
	return p;
}

static size_t accounted(struct pool *p)
{
	mp_lock_acquire(&p->lock);
	size_t so_far = p->accounted;
	mp_lock_release(&p->lock);
	return so_far;
}

long pool_map(struct pool *p, long (*function)(long item), const long *items,
	struct pool_result *results, size_t count, size_t chunk)
{
	long failures = 0;
	mp_lock_acquire(&p->lock);
	p->function = function;
	p->items = items;
	p->results = results;
	p->chunk = chunk;
	p->count = count;
	p->next = p->accounted = 0;
	for (size_t i = 0; i < count; i++)
		results[i].failed = 0;
	mp_lock_release(&p->lock);
	for (size_t i = 0; i < count; i += chunk)
		mp_semaphore_release(&p->chunks);
	while (accounted(p) < count) {
		if (inspect(p))
			return -1;
		if (accounted(p) < count)
			mp_semaphore_acquire_timeout(&p->news, 40);
	}
	for (size_t i = 0; i < count; i++)
		failures += results[i].failed;
	return failures;
}

void pool_close(struct pool *p)
{
	for (int i = 0; i < p->size; i++)
		mp_semaphore_release(&p->chunks);
	for (int i = 0; i < p->size; i++)
		mp_process_join(&p->slots[i].process);
	mp_shared_free(p);
}
