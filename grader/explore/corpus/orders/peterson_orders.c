/* SPDX-License-Identifier: MIT */
/*
 * Peterson's lock: a flag that is stored with release alone may be seen too late.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_seq_cst
#else
#define ORDER memory_order_release
#endif

struct state {
	atomic_int wants[2], turn;
	int count;
};

static void lock(struct state *s, int me)
{
	atomic_store_explicit(&s->wants[me], 1, ORDER);
	atomic_store(&s->turn, 1 - me);
	while (atomic_load(&s->wants[1 - me]) && atomic_load(&s->turn) != me)
		;
}

static void unlock(struct state *s, int me)
{
	atomic_store_explicit(&s->wants[me], 0, memory_order_release);
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
