/* SPDX-License-Identifier: MIT */
/*
 * Double-checked locking. MODE 0: without the second check; 1: with it, but on a plain
 * flag, which is a data race; 2: with it, on an atomic flag.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef MODE
#define MODE 0
#endif

struct state {
	pthread_mutex_t lock;
	int plain;
	atomic_int atomic;
	int made;
};

static int ready(struct state *s)
{
	return MODE == 1 ? s->plain : atomic_load(&s->atomic);
}

static void set_ready(struct state *s)
{
	if (MODE == 1)
		s->plain = 1;
	else
		atomic_store(&s->atomic, 1);
}

static void use(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	if (!ready(s)) {
		pthread_mutex_lock(&s->lock);
		if (MODE == 0 || !ready(s)) {
			s->made++;
			set_ready(s);
		}
		pthread_mutex_unlock(&s->lock);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(use, s, 0);
	tasks_start(use, s, 1);
	tasks_join();
	assert(s->made == 1);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
