/* SPDX-License-Identifier: MIT */
/*
 * A hazard pointer: what is announced has to be seen before it is looked at again.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_seq_cst
#else
#define ORDER memory_order_acq_rel
#endif

struct state {
	atomic_int current, hazard;
	int value[3];
};

static void read_current(void *shared, int number)
{
	struct state *s = shared;
	int at = atomic_load_explicit(&s->current, memory_order_acquire);

	(void)number;
	atomic_store_explicit(&s->hazard, at, memory_order_relaxed);
	atomic_thread_fence(ORDER);
	if (atomic_load_explicit(&s->current, memory_order_acquire) == at)
		assert(s->value[at] == 7);
	atomic_store_explicit(&s->hazard, 0, memory_order_release);
}

static void replace(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	s->value[2] = 7;
	atomic_store_explicit(&s->current, 2, memory_order_release);
	atomic_thread_fence(ORDER);
	if (atomic_load_explicit(&s->hazard, memory_order_acquire) != 1)
		s->value[1] = 0;
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	s->value[1] = 7;
	atomic_init(&s->current, 1);
	tasks_start(read_current, s, 0);
	tasks_start(replace, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
