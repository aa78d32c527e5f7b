/* SPDX-License-Identifier: MIT */
/*
 * Three tasks under one lock; the third believes that it never runs last. The lock keeps
 * the data whole, and says nothing about the order.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	int data;
};

static void add(void *shared, int amount)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	s->data += amount;
	pthread_mutex_unlock(&s->lock);
}

static void look(void *shared, int limit)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	assert(s->data < limit);
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(add, s, 1);
#ifdef CORRECT
	tasks_start(look, s, 4);
#else
	tasks_start(look, s, 3);
#endif
	tasks_start(add, s, 2);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
