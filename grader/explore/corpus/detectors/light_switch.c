/* SPDX-License-Identifier: MIT */
/*
 * Readers and a writer. The first reader takes the room, the last one gives it back; the
 * mistake is that each reader gives it back. (Downey, "The Little Book of Semaphores", 4.2)
 */
#include "../tasks.h"

#include <semaphore.h>

struct state {
	sem_t door, room;
	int readers;
	int value;
};

static void read_value(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	sem_wait(&s->door);
	if (++s->readers == 1)
		sem_wait(&s->room);
	sem_post(&s->door);
	int first = s->value;
	assert(s->value == first);
	sem_wait(&s->door);
#ifdef CORRECT
	if (--s->readers == 0)
		sem_post(&s->room);
#else
	--s->readers;
	sem_post(&s->room);
#endif
	sem_post(&s->door);
}

static void write_value(void *shared, int number)
{
	struct state *s = shared;

	sem_wait(&s->room);
	s->value = number;
	sem_post(&s->room);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));
	int processes = TASKS_SHARED == PTHREAD_PROCESS_SHARED;

	sem_init(&s->door, processes, 1);
	sem_init(&s->room, processes, 1);
	tasks_start(read_value, s, 0);
	tasks_start(read_value, s, 1);
	tasks_start(write_value, s, 2);
	tasks_join();
	sem_destroy(&s->door);
	sem_destroy(&s->room);
	tasks_free(s, sizeof(*s));
	return 0;
}
