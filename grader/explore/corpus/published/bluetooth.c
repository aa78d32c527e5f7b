/* SPDX-License-Identifier: MIT */
/*
 * The stop of a device driver. A request counts itself as pending while it uses the
 * device; the stopper waits until none is pending and then lets the device go. The buggy
 * request looks at the stopping flag before it counts itself, and so can slip in between.
 */
#include "../tasks.h"
#include <semaphore.h>
#include <stdatomic.h>

struct state {
	atomic_int stopping;
	atomic_int pending;
	atomic_int stopped;
	sem_t drained;
};

static void release(struct state *s)
{
	if (atomic_fetch_sub(&s->pending, 1) == 1)
		sem_post(&s->drained);
}

static void request(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
#ifdef CORRECT
	atomic_fetch_add(&s->pending, 1);
	if (!atomic_load(&s->stopping))
		assert(!atomic_load(&s->stopped));
	release(s);
#else
	if (atomic_load(&s->stopping))
		return;
	atomic_fetch_add(&s->pending, 1);
	assert(!atomic_load(&s->stopped));
	release(s);
#endif
}

static void stop(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	atomic_store(&s->stopping, 1);
	release(s);
	sem_wait(&s->drained);
	atomic_store(&s->stopped, 1);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	sem_init(&s->drained, TASKS_SHARED == PTHREAD_PROCESS_SHARED, 0);
	atomic_init(&s->pending, 1);
	tasks_start(stop, s, 0);
	tasks_start(request, s, 1);
	tasks_join();
	sem_destroy(&s->drained);
	tasks_free(s, sizeof(*s));
	return 0;
}
