/* SPDX-License-Identifier: MIT */
/*
 * An object destroyed while it is in use. MODE 0: a mutex that a task holds, 1: a
 * condition that a task waits on. The correct main joins first.
 */
#include "../tasks.h"

#ifndef MODE
#define MODE 0
#endif

struct state {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int ready;
	int counter;
};

static void use(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->lock);
	while (MODE == 1 && !s->ready)
		pthread_cond_wait(&s->changed, &s->lock);
	s->counter++;
	pthread_mutex_unlock(&s->lock);
}

#if MODE == 1 || defined(CORRECT)
static void make_ready(struct state *s)
{
	pthread_mutex_lock(&s->lock);
	s->ready = 1;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}
#endif

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->changed);
	tasks_start(use, s, 0);
#ifdef CORRECT
	make_ready(s);
	tasks_join();
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
#elif MODE == 0
	pthread_mutex_destroy(&s->lock);
	tasks_join();
	pthread_cond_destroy(&s->changed);
#else
	/* glibc's destroy waits for the waiters that were woken; these were not */
	pthread_cond_destroy(&s->changed);
	make_ready(s);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
#endif
	tasks_free(s, sizeof(*s));
	return 0;
}
