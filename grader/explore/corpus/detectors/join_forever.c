/* SPDX-License-Identifier: MIT */
/*
 * A join that never returns: the task waits for a post that its joiner makes only after
 * the join.
 */
#include "../tasks.h"
#include <semaphore.h>

struct state {
	sem_t go;
};

static void await(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	sem_wait(&s->go);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	sem_init(&s->go, TASKS_SHARED == PTHREAD_PROCESS_SHARED, 0);
	tasks_start(await, s, 0);
#ifdef CORRECT
	sem_post(&s->go);
	tasks_join();
#else
	tasks_join();
	sem_post(&s->go);
#endif
	sem_destroy(&s->go);
	tasks_free(s, sizeof(*s));
	return 0;
}
