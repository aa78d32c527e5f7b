/* SPDX-License-Identifier: MIT */
/*
 * An event is set that is set already. To look first and write nothing saves time, but orders
 * nothing either: who clears the event then misses what the caller wrote before it.
 */
#include "../tasks.h"

#include <stdatomic.h>

enum { SET = 1 };

struct state {
	atomic_int event, data;
	int seen;
};

static void set(struct state *s)
{
#ifndef CORRECT
	if (atomic_load_explicit(&s->event, memory_order_relaxed) == SET)
		return;
#endif
	atomic_exchange_explicit(&s->event, SET, memory_order_acq_rel);
}

static void produce(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	atomic_store_explicit(&s->data, 42, memory_order_relaxed);
	set(s);
}

static void consume(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	atomic_exchange_explicit(&s->event, 0, memory_order_acq_rel);
	s->seen = atomic_load_explicit(&s->data, memory_order_relaxed);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	atomic_init(&s->event, SET);
	tasks_start(produce, s, 0);
	tasks_start(consume, s, 1);
	tasks_join();
	assert(s->seen == 42 || atomic_load(&s->event) == SET);
	tasks_free(s, sizeof(*s));
	return 0;
}
