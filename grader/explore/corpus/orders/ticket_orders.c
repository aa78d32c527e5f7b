/* SPDX-License-Identifier: MIT */
/*
 * A ticket lock: what is served next has to be stored with release.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int next, served;
	int count;
};

static void lock(struct state *s, int me)
{
	int ticket = atomic_fetch_add_explicit(&s->next, 1, memory_order_relaxed);

	(void)me;
	while (atomic_load_explicit(&s->served, memory_order_acquire) != ticket)
		;
}

static void unlock(struct state *s, int me)
{
	int served = atomic_load_explicit(&s->served, memory_order_relaxed);

	(void)me;
	atomic_store_explicit(&s->served, served + 1, ORDER);
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
