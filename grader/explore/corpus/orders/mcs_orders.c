/* SPDX-License-Identifier: MIT */
/*
 * A lock with a queue (Mellor-Crummey and Scott): it is handed on with release.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct node {
	atomic_int next; /* number + 1 */
	atomic_int waits;
};

struct state {
	atomic_int tail;
	struct node nodes[2];
	int count;
};

static void lock(struct state *s, int me)
{
	struct node *own = &s->nodes[me];

	atomic_store_explicit(&own->next, 0, memory_order_relaxed);
	atomic_store_explicit(&own->waits, 1, memory_order_relaxed);
	int before = atomic_exchange_explicit(&s->tail, me + 1, memory_order_acq_rel);
	if (before == 0)
		return;
	atomic_store_explicit(&s->nodes[before - 1].next, me + 1, memory_order_release);
	while (atomic_load_explicit(&own->waits, memory_order_acquire))
		;
}

static void unlock(struct state *s, int me)
{
	struct node *own = &s->nodes[me];
	int last = me + 1, next;

	if (!atomic_load_explicit(&own->next, memory_order_acquire) &&
		atomic_compare_exchange_strong_explicit(
			&s->tail, &last, 0, memory_order_release, memory_order_relaxed))
		return;
	while (!(next = atomic_load_explicit(&own->next, memory_order_acquire)))
		;
	atomic_store_explicit(&s->nodes[next - 1].waits, 0, ORDER);
}

static void add(void *shared, int number)
{
	struct state *s = shared;

	lock(s, number);
	s->count++;
	unlock(s, number);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(add, s, 0);
	tasks_start(add, s, 1);
	tasks_join();
	assert(s->count == 2);
	tasks_free(s, sizeof(*s));
	return 0;
}
