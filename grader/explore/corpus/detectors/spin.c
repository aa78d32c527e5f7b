/* SPDX-License-Identifier: MIT */
/*
 * A task that spins, with a yield, until another sets a flag. With fairness it ends. In
 * the buggy program nobody sets the flag, and it never does.
 */
#include "../tasks.h"
#include <sched.h>
#include <stdatomic.h>

struct state {
	atomic_int ready;
	int data;
};

static void await(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	while (!atomic_load(&s->ready))
		sched_yield();
	assert(s->data == 42);
}

static void announce(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	s->data = 42;
#ifdef CORRECT
	atomic_store(&s->ready, 1);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(await, s, 0);
	tasks_start(announce, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
