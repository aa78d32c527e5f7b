/* SPDX-License-Identifier: MIT */
/*
 * One task updates under the data's lock, OTHERS under another lock: two locks that guard
 * one value guard nothing.
 */
#include "../tasks.h"

#ifndef OTHERS
#define OTHERS 1
#endif

struct state {
	pthread_mutex_t right;
	pthread_mutex_t wrong;
	int value;
};

static void update(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->right);
	int before = s->value;
	s->value = before + 1;
	assert(s->value == before + 1);
	pthread_mutex_unlock(&s->right);
}

static void intrude(void *shared, int number)
{
	struct state *s = shared;
#ifdef CORRECT
	pthread_mutex_t *lock = &s->right;
#else
	pthread_mutex_t *lock = &s->wrong;
#endif

	(void)number;
	pthread_mutex_lock(lock);
	s->value++;
	pthread_mutex_unlock(lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->right);
	tasks_mutex(&s->wrong);
	tasks_start(update, s, 0);
	for (int i = 1; i <= OTHERS; i++)
		tasks_start(intrude, s, i);
	tasks_join();
	pthread_mutex_destroy(&s->right);
	pthread_mutex_destroy(&s->wrong);
	tasks_free(s, sizeof(*s));
	return 0;
}
