/* SPDX-License-Identifier: MIT */
/* A semaphore as a lock that is posted once too often, as on an error path: two get in. */
#include "../tasks.h"

#include <semaphore.h>

struct state {
	sem_t lock;
	int count;
};

static void add(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	sem_wait(&s->lock);
	s->count = s->count + 1;
	sem_post(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	sem_init(&s->lock, TASKS_SHARED == PTHREAD_PROCESS_SHARED, 1);
	tasks_start(add, s, 0);
	tasks_start(add, s, 1);
#ifndef CORRECT
	sem_post(&s->lock);
#endif
	tasks_join();
	assert(s->count == 2);
	sem_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
