/* SPDX-License-Identifier: MIT */
/*
 * Unlocking what one does not hold. MODE 0: another task's lock, 1: a lock that nobody
 * holds. The correct task leaves it to the owner.
 */
#include "../tasks.h"

#ifndef MODE
#define MODE 0
#endif

struct state {
	pthread_mutex_t lock;
	int counter;
};

static void own(void *shared, int number)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	s->counter += number;
#if MODE == 0 || defined(CORRECT)
	pthread_mutex_unlock(&s->lock);
#else
	pthread_mutex_unlock(&s->lock);
	pthread_mutex_unlock(&s->lock);
#endif
}

static void meddle(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
#if MODE == 0 && !defined(CORRECT)
	if (pthread_mutex_trylock(&s->lock))
		pthread_mutex_unlock(&s->lock);
	else
		pthread_mutex_unlock(&s->lock);
#else
	if (pthread_mutex_trylock(&s->lock) == 0)
		pthread_mutex_unlock(&s->lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(own, s, 1);
	tasks_start(meddle, s, 0);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
