/* SPDX-License-Identifier: MIT */
/*
 * Two tasks add to one counter, TURNS times each: with a lock it is the smallest correct
 * program there is, and the number of its interleavings grows as C(2n, n).
 */
#include "../tasks.h"

#ifndef TURNS
#define TURNS 2
#endif

struct state {
	pthread_mutex_t lock;
	int counter;
};

static void add(void *shared, int turns)
{
	struct state *s = shared;

	for (int i = 0; i < turns; i++) {
#ifdef CORRECT
		pthread_mutex_lock(&s->lock);
#endif
		s->counter++;
#ifdef CORRECT
		pthread_mutex_unlock(&s->lock);
#endif
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(add, s, TURNS);
	tasks_start(add, s, TURNS);
	tasks_join();
	assert(s->counter == 2 * TURNS);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
