/* SPDX-License-Identifier: MIT */
/* A thread hands out the address of its own variable and ends before it is read. */
#include "../tasks.h"

#include <semaphore.h>

static sem_t given, taken;
static int *handed;

static void *give(void *argument)
{
	int own = 5;

	handed = &own;
	sem_post(&given);
#ifdef CORRECT
	sem_wait(&taken);
#endif
	return argument;
}

int main(void)
{
	pthread_t thread;

	sem_init(&given, 0, 0);
	sem_init(&taken, 0, 0);
	pthread_create(&thread, NULL, give, NULL);
	sem_wait(&given);
	int value = *handed;
	sem_post(&taken);
	pthread_join(thread, NULL);
	assert(value == 5);
	return 0;
}
