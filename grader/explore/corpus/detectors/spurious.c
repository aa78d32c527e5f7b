/* SPDX-License-Identifier: MIT */
/* Waits for a condition once, and does not look again: POSIX lets it wake up for no reason. */
#include "../tasks.h"

struct state {
	pthread_mutex_t mutex;
	pthread_cond_t some;
	int items;
};

static void take(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->mutex);
#ifdef CORRECT
	while (s->items == 0)
#else
	if (s->items == 0)
#endif
		pthread_cond_wait(&s->some, &s->mutex);
	s->items--;
	assert(s->items >= 0);
	pthread_mutex_unlock(&s->mutex);
}

static void give(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->mutex);
	s->items++;
	pthread_cond_signal(&s->some);
	pthread_mutex_unlock(&s->mutex);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->mutex);
	tasks_condition(&s->some);
	tasks_start(take, s, 0);
	tasks_start(give, s, 1);
	tasks_join();
	pthread_cond_destroy(&s->some);
	pthread_mutex_destroy(&s->mutex);
	tasks_free(s, sizeof(*s));
	return 0;
}
