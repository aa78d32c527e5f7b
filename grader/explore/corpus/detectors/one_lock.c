/* SPDX-License-Identifier: MIT */
/*
 * Several tasks and one lock. Of the orders in which they come, as many can be told apart as
 * there are sets of those that have been there, and last ones in them. The wrong one of them
 * looks at the sum without the lock.
 */
#include "../tasks.h"

#ifndef COUNT
#define COUNT 5
#endif

struct state {
	pthread_mutex_t lock;
	int sum;
};

static void add(void *shared, int number)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	s->sum += 1 + number;
	pthread_mutex_unlock(&s->lock);
#ifndef CORRECT
	if (number == COUNT - 1)
		assert(s->sum > number);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	for (int i = 0; i < COUNT; i++)
		tasks_start(add, s, i);
	tasks_join();
	assert(s->sum == COUNT * (COUNT + 1) / 2);
	tasks_free(s, sizeof(*s));
	return 0;
}
