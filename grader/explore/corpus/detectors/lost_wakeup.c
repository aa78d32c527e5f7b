/* SPDX-License-Identifier: MIT */
/*
 * A waiter that looks at the flag without the lock, then takes the lock and sleeps: the
 * one wake-up may come in between, when nobody sleeps yet. The correct one looks and
 * sleeps under one lock.
 */
#include "../tasks.h"
#include <stdatomic.h>

struct state {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	atomic_int ready;
};

static void await(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
	while (!atomic_load(&s->ready))
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
#else
	if (!atomic_load(&s->ready)) {
		pthread_mutex_lock(&s->lock);
		pthread_cond_wait(&s->changed, &s->lock);
		pthread_mutex_unlock(&s->lock);
	}
#endif
}

static void announce(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->lock);
	atomic_store(&s->ready, 1);
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->changed);
	tasks_start(await, s, 0);
	tasks_start(announce, s, 1);
	tasks_join();
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
