/* SPDX-License-Identifier: MIT */
/*
 * A lock taken by compare-and-swap, which may fail for no reason, and opened with release.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int taken;
	int count;
};

static void lock(struct state *s, int me)
{
	int open = 0;

	(void)me;
	while (!atomic_compare_exchange_weak_explicit(
		&s->taken, &open, 1, memory_order_acquire, memory_order_relaxed))
		open = 0;
}

static void unlock(struct state *s, int me)
{
	(void)me;
	atomic_store_explicit(&s->taken, 0, ORDER);
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
