/* SPDX-License-Identifier: MIT */
/*
 * A lock with a queue (Craig, Landin and Hagersten): who waits looks with acquire.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_acquire
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int tail; /* number + 1 */
	atomic_int taken[2];
	int count;
};

static void lock(struct state *s, int me)
{
	atomic_store_explicit(&s->taken[me], 1, memory_order_relaxed);
	int before = atomic_exchange_explicit(&s->tail, me + 1, memory_order_acq_rel);
	while (before && atomic_load_explicit(&s->taken[before - 1], ORDER))
		;
}

static void unlock(struct state *s, int me)
{
	atomic_store_explicit(&s->taken[me], 0, memory_order_release);
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
