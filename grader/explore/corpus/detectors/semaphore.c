/* SPDX-License-Identifier: MIT */
/*
 * An unnamed semaphore. MODE 0: as a lock, whose first value the buggy program makes 2;
 * 1: as a signal that data is there, which the buggy program gives too early; 2: as a
 * lock taken by sem_trywait, whose answer the buggy program does not look at.
 */
#include "../tasks.h"
#include <semaphore.h>

#ifndef MODE
#define MODE 0
#endif

struct state {
	sem_t semaphore;
	int counter;
};

static unsigned first_value(void)
{
#ifdef CORRECT
	return MODE == 1 ? 0 : 1;
#else
	return MODE == 1 ? 0 : MODE == 0 ? 2 : 1;
#endif
}

static void producer(struct state *s)
{
#ifdef CORRECT
	s->counter = 2;
	sem_post(&s->semaphore);
#else
	sem_post(&s->semaphore);
	s->counter = 2;
#endif
}

static void consumer(struct state *s)
{
	sem_wait(&s->semaphore);
	assert(s->counter == 2);
}

static void try_add(struct state *s)
{
	int status = sem_trywait(&s->semaphore);

#ifdef CORRECT
	if (status)
		return;
#endif
	s->counter++;
	if (status == 0)
		sem_post(&s->semaphore);
}

static void run(void *shared, int number)
{
	struct state *s = shared;

	if (MODE == 2) {
		try_add(s);
	} else if (MODE == 0) {
		sem_wait(&s->semaphore);
		s->counter++;
		sem_post(&s->semaphore);
	} else if (number == 0) {
		producer(s);
	} else {
		consumer(s);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	sem_init(&s->semaphore, TASKS_SHARED == PTHREAD_PROCESS_SHARED, first_value());
	tasks_start(run, s, 0);
	tasks_start(run, s, 1);
	tasks_join();
	assert(s->counter == 2 || (MODE == 2 && s->counter == 1));
	sem_destroy(&s->semaphore);
	tasks_free(s, sizeof(*s));
	return 0;
}
