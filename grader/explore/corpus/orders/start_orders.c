/* SPDX-License-Identifier: MIT */
/*
 * A start that is checked twice: the first look has to acquire.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_acquire
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	pthread_mutex_t mutex;
	atomic_int started;
	int value;
};

static void use(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	if (!atomic_load_explicit(&s->started, ORDER)) {
		pthread_mutex_lock(&s->mutex);
		if (!atomic_load_explicit(&s->started, memory_order_relaxed)) {
			s->value = 7;
			atomic_store_explicit(&s->started, 1, memory_order_release);
		}
		pthread_mutex_unlock(&s->mutex);
	}
	assert(s->value == 7);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->mutex);
	tasks_start(use, s, 0);
	tasks_start(use, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
