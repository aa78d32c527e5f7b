/* SPDX-License-Identifier: MIT */
/*
 * Spin locks. MODE 0: POSIX's; 1: one's own on an atomic exchange; 2: one's own that
 * tests and then sets, which are two steps.
 */
#include "../tasks.h"
#include <sched.h>
#include <stdatomic.h>

#ifndef MODE
#define MODE 0
#endif

struct state {
	pthread_spinlock_t posix;
	atomic_int taken;
	int counter;
};

static void acquire(struct state *s)
{
	switch (MODE) {
	case 0:
		pthread_spin_lock(&s->posix);
		break;
	case 1:
		while (atomic_exchange(&s->taken, 1))
			sched_yield();
		break;
	default:
		while (atomic_load(&s->taken))
			sched_yield();
		atomic_store(&s->taken, 1);
	}
}

static void release(struct state *s)
{
	if (MODE == 0)
		pthread_spin_unlock(&s->posix);
	else
		atomic_store(&s->taken, 0);
}

static void add(void *shared, int amount)
{
	struct state *s = shared;

	acquire(s);
	s->counter += amount;
	release(s);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	pthread_spin_init(&s->posix, TASKS_SHARED);
	tasks_start(add, s, 1);
	tasks_start(add, s, 2);
	tasks_join();
	assert(s->counter == 3);
	pthread_spin_destroy(&s->posix);
	tasks_free(s, sizeof(*s));
	return 0;
}
