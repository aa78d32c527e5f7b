/* SPDX-License-Identifier: MIT */
/*
 * Peterson's mutual exclusion for two on sequentially consistent atomics. The buggy one
 * gives the turn away before it says that it is interested. The loop yields while it
 * waits.
 */
#include "../tasks.h"
#include <sched.h>
#include <stdatomic.h>

struct state {
	atomic_int interested[2];
	atomic_int turn;
	int counter;
};

static void work(void *shared, int number)
{
	struct state *s = shared;
	int other = 1 - number;

#ifdef CORRECT
	atomic_store(&s->interested[number], 1);
	atomic_store(&s->turn, other);
#else
	atomic_store(&s->turn, other);
	atomic_store(&s->interested[number], 1);
#endif
	while (atomic_load(&s->interested[other]) && atomic_load(&s->turn) == other)
		sched_yield();
	s->counter++;
	atomic_store(&s->interested[number], 0);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(work, s, 0);
	tasks_start(work, s, 1);
	tasks_join();
	assert(s->counter == 2);
	tasks_free(s, sizeof(*s));
	return 0;
}
