/* SPDX-License-Identifier: MIT */
/*
 * SETTERS tasks set a and then b; one task must see both or neither. It sees one when it
 * runs between the two writes of the first setter to run, before any other has finished:
 * the more setters, the rarer under a scheduler that treats all tasks alike.
 */
#include "../tasks.h"

#ifndef SETTERS
#define SETTERS 2
#endif

struct state {
	pthread_mutex_t lock;
	int a;
	int b;
};

static void acquire(struct state *s)
{
#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
#else
	(void)s;
#endif
}

static void release(struct state *s)
{
#ifdef CORRECT
	pthread_mutex_unlock(&s->lock);
#else
	(void)s;
#endif
}

static void set(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	acquire(s);
	s->a = 1;
	s->b = -1;
	release(s);
}

static void check(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	acquire(s);
	int a = s->a;
	int b = s->b;
	release(s);
	assert((a == 0 && b == 0) || (a == 1 && b == -1));
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	for (int i = 0; i < SETTERS; i++)
		tasks_start(set, s, i);
	tasks_start(check, s, SETTERS);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
