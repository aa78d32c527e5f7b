/* SPDX-License-Identifier: MIT */
/*
 * Values behind a flag: it has to be stored with release.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int flag, value;
};

static void publish(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	atomic_store_explicit(&s->value, 42, memory_order_relaxed);
	atomic_store_explicit(&s->flag, 1, ORDER);
}

static void look(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	if (atomic_load_explicit(&s->flag, memory_order_acquire))
		assert(atomic_load_explicit(&s->value, memory_order_relaxed) == 42);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(publish, s, 0);
	tasks_start(look, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
