/* SPDX-License-Identifier: MIT */
/*
 * A struct that is assigned while another task reads it member by member: the pair that
 * the reader sees may be half old and half new. The correct ones use a lock.
 */
#include "../tasks.h"

struct pair {
	long first;
	long second;
};

struct state {
	pthread_mutex_t lock;
	struct pair pair;
};

static void lock(struct state *s)
{
#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
#else
	(void)s;
#endif
}

static void unlock(struct state *s)
{
#ifdef CORRECT
	pthread_mutex_unlock(&s->lock);
#else
	(void)s;
#endif
}

static void write_pair(void *shared, int value)
{
	struct state *s = shared;
	struct pair pair = {value, value};

	lock(s);
	s->pair = pair;
	unlock(s);
}

static void read_pair(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	lock(s);
	long first = s->pair.first;
	long second = s->pair.second;
	unlock(s);
	assert(first == second);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(write_pair, s, 3);
	tasks_start(read_pair, s, 0);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
