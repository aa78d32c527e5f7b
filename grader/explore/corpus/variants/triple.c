/* SPDX-License-Identifier: MIT */
/*
 * WRITERS publish records of three fields, each its own, without a lock; a reader that was
 * started first looks at them last field first, and must find the fields of one record. It
 * fails where it comes between two fields of a record and nobody mends that for it. The
 * correct program locks.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef WRITERS
#define WRITERS 4
#endif

struct state {
	pthread_mutex_t lock;
	atomic_int fields[3];
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

static void look(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	acquire(s);
	int last = atomic_load(&s->fields[2]);
	int middle = atomic_load(&s->fields[1]);
	int first = atomic_load(&s->fields[0]);
	release(s);
	assert(first == middle && middle == last);
}

static void publish(void *shared, int number)
{
	struct state *s = shared;

	acquire(s);
	for (int i = 0; i < 3; i++)
		atomic_store(&s->fields[i], number);
	release(s);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(look, s, 0);
	for (int i = 1; i <= WRITERS; i++)
		tasks_start(publish, s, i);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
