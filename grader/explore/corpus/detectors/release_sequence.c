/* SPDX-License-Identifier: MIT */
/*
 * A relaxed store carries on the release sequence of the same task's release store (C11
 * 5.1.2.4p10); one of another task does not.
 */
#include "../tasks.h"

#include <stdatomic.h>

struct state {
	atomic_int flag;
	int data;
};

static void write_data(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	s->data = 42;
	atomic_store_explicit(&s->flag, 1, memory_order_release);
#ifdef CORRECT
	atomic_store_explicit(&s->flag, 2, memory_order_relaxed);
#endif
}

static void pass_on(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	if (atomic_load_explicit(&s->flag, memory_order_relaxed) == 1)
		atomic_store_explicit(&s->flag, 2, memory_order_relaxed);
}

static void read_data(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	if (atomic_load_explicit(&s->flag, memory_order_acquire) == 2)
		assert(s->data == 42);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(write_data, s, 0);
#ifndef CORRECT
	tasks_start(pass_on, s, 1);
#else
	(void)pass_on;
#endif
	tasks_start(read_data, s, 2);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
