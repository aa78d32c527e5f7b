/* SPDX-License-Identifier: MIT */
/*
 * A task that returns early with the lock held. It is the last to come by, so nobody else
 * hangs, and only the lock's state at the end tells.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	int counter;
};

static void add(void *shared, int amount)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	s->counter += amount;
#ifndef CORRECT
	if (s->counter == 1)
		return;
#endif
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(add, s, 1);
	tasks_join();
	assert(s->counter == 1);
#ifdef CORRECT
	pthread_mutex_destroy(&s->lock);
#endif
	tasks_free(s, sizeof(*s));
	return 0;
}
