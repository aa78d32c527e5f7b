/* SPDX-License-Identifier: MIT */
/*
 * A buffer of one slot, with one condition for both "no longer full" and "no longer
 * empty". Waking only one waiter may wake the wrong one, and then everybody sleeps.
 */
#include "../tasks.h"

#ifndef CONSUMERS
#define CONSUMERS 2
#endif

struct state {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int full;
	int value;
	int sum;
};

static void wake(struct state *s)
{
#ifdef CORRECT
	pthread_cond_broadcast(&s->changed);
#else
	pthread_cond_signal(&s->changed);
#endif
}

static void produce(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 1; i <= values; i++) {
		pthread_mutex_lock(&s->lock);
		while (s->full)
			pthread_cond_wait(&s->changed, &s->lock);
		s->value = i;
		s->full = 1;
		wake(s);
		pthread_mutex_unlock(&s->lock);
	}
}

static void consume(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->lock);
	while (!s->full)
		pthread_cond_wait(&s->changed, &s->lock);
	s->sum += s->value;
	s->full = 0;
	wake(s);
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->changed);
	tasks_start(produce, s, CONSUMERS);
	for (int i = 0; i < CONSUMERS; i++)
		tasks_start(consume, s, i);
	tasks_join();
	assert(s->sum == CONSUMERS * (CONSUMERS + 1) / 2);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
