/* SPDX-License-Identifier: MIT */
/*
 * A barrier of two: whoever arrives has to release what it has done.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_acq_rel
#else
#define ORDER memory_order_acquire
#endif

struct state {
	atomic_int arrived, open;
	int value[2];
};

static void meet(void *shared, int number)
{
	struct state *s = shared;

	s->value[number] = 7;
	if (atomic_fetch_add_explicit(&s->arrived, 1, ORDER) == 1)
		atomic_store_explicit(&s->open, 1, memory_order_release);
	while (!atomic_load_explicit(&s->open, memory_order_acquire))
		;
	assert(s->value[1 - number] == 7);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(meet, s, 0);
	tasks_start(meet, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
