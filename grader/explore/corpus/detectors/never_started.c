/* SPDX-License-Identifier: MIT */
/* A semaphore that nobody has initialised: in fresh memory it looks like one of value 0. */
#include "../tasks.h"

#include <semaphore.h>

static void post(void *shared, int number)
{
	(void)number;
	sem_post(shared);
}

int main(void)
{
	sem_t *semaphore = tasks_share(sizeof(*semaphore));

#ifdef CORRECT
	sem_init(semaphore, TASKS_SHARED == PTHREAD_PROCESS_SHARED, 0);
#endif
	tasks_start(post, semaphore, 0);
	sem_wait(semaphore);
	tasks_join();
	tasks_free(semaphore, sizeof(*semaphore));
	return 0;
}
