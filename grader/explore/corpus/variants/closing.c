/* SPDX-License-Identifier: MIT */
/*
 * USERS ask whether a connection is open and use it, each step under the lock, and count
 * themselves only in between; the closer, which was started first, waits until nobody is
 * counted and then lets the connection go. A user that has asked but is not counted yet
 * uses what is gone. The correct user asks and counts itself in one critical section.
 */
#include "../tasks.h"

#ifndef USERS
#define USERS 2
#endif

struct state {
	pthread_mutex_t lock;
	pthread_cond_t idle;
	int closing;
	int users;
	int *connection;
	int memory;
};

static void close_it(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->lock);
	s->closing = 1;
	while (s->users > 0)
		pthread_cond_wait(&s->idle, &s->lock);
	s->connection = NULL;
	pthread_mutex_unlock(&s->lock);
}

static int enter(struct state *s)
{
	pthread_mutex_lock(&s->lock);
	int open = !s->closing;
#ifndef CORRECT
	pthread_mutex_unlock(&s->lock);
	if (!open)
		return 0;
	pthread_mutex_lock(&s->lock);
#endif
	s->users += open;
	pthread_mutex_unlock(&s->lock);
	return open;
}

static void use(void *shared, int number)
{
	struct state *s = shared;

	if (!enter(s))
		return;
	pthread_mutex_lock(&s->lock);
	assert(s->connection != NULL);
	*s->connection += number;
	if (--s->users == 0)
		pthread_cond_signal(&s->idle);
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->idle);
	s->connection = &s->memory;
	tasks_start(close_it, s, 0);
	for (int i = 1; i <= USERS; i++)
		tasks_start(use, s, i);
	tasks_join();
	pthread_cond_destroy(&s->idle);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
