/* SPDX-License-Identifier: MIT */
/*
 * A sequence lock: without the fence the second look at the number may come first.
 */
#include "../tasks.h"

#include <stdatomic.h>

struct state {
	atomic_int number, left, right;
};

static void write_both(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	atomic_store_explicit(&s->number, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&s->left, 1, memory_order_relaxed);
	atomic_store_explicit(&s->right, 1, memory_order_relaxed);
	atomic_store_explicit(&s->number, 2, memory_order_release);
}

static void read_both(void *shared, int number)
{
	struct state *s = shared;
	int before = atomic_load_explicit(&s->number, memory_order_acquire);
	int left = atomic_load_explicit(&s->left, memory_order_relaxed);
	int right = atomic_load_explicit(&s->right, memory_order_relaxed);

	(void)number;
#ifdef CORRECT
	atomic_thread_fence(memory_order_acquire);
#endif
	if (before % 2 == 0 &&
		before == atomic_load_explicit(&s->number, memory_order_relaxed))
		assert(left == right);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(write_both, s, 0);
	tasks_start(read_both, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
