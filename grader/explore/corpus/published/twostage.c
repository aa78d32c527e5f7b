/* SPDX-License-Identifier: MIT */
/*
 * Writers update two values in two stages, each under its own lock; a reader that comes
 * between the stages sees the first without the second. Every access is locked: there is
 * no data race to find.
 */
#include "../tasks.h"

#ifndef WRITERS
#define WRITERS 1
#endif
#ifndef READERS
#define READERS 1
#endif

struct state {
	pthread_mutex_t first_lock;
	pthread_mutex_t second_lock;
	int first;
	int second;
};

static void write_both(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->first_lock);
	s->first = 1;
#ifdef CORRECT
	pthread_mutex_lock(&s->second_lock);
	s->second = s->first + 1;
	pthread_mutex_unlock(&s->second_lock);
	pthread_mutex_unlock(&s->first_lock);
#else
	pthread_mutex_unlock(&s->first_lock);
	pthread_mutex_lock(&s->second_lock);
	s->second = 2;
	pthread_mutex_unlock(&s->second_lock);
#endif
}

static void read_both(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->first_lock);
	int first = s->first;
	pthread_mutex_unlock(&s->first_lock);
	if (first == 0)
		return;
	pthread_mutex_lock(&s->second_lock);
	int second = s->second;
	pthread_mutex_unlock(&s->second_lock);
	assert(second == first + 1);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->first_lock);
	tasks_mutex(&s->second_lock);
	for (int i = 0; i < WRITERS; i++)
		tasks_start(write_both, s, i);
	for (int i = 0; i < READERS; i++)
		tasks_start(read_both, s, i);
	tasks_join();
	pthread_mutex_destroy(&s->first_lock);
	pthread_mutex_destroy(&s->second_lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
