/* SPDX-License-Identifier: MIT */
/*
 * TASKS tasks round a ring of semaphores that serve as locks. Each does some work under its
 * own lock alone, some under a lock that all share, and then passes something on to its
 * neighbour under both locks: in the order of the ring, which closes a cycle, unless the
 * shared lock is held meanwhile (GATE) or the last one takes its locks the other way round
 * (CORRECT).
 */
#include "../tasks.h"
#include <semaphore.h>

#ifndef TASKS
#define TASKS 4
#endif

struct state {
	sem_t locks[TASKS];
	pthread_mutex_t shared_lock;
	int work[TASKS];
	int rounds;
};

static void pass_on(struct state *s, int first, int second)
{
	sem_wait(&s->locks[first]);
	sem_wait(&s->locks[second]);
	s->work[first]--;
	s->work[second]++;
	sem_post(&s->locks[second]);
	sem_post(&s->locks[first]);
}

static void run(void *shared, int number)
{
	struct state *s = shared;
	int next = (number + 1) % TASKS;

	sem_wait(&s->locks[number]);
	s->work[number]++;
	sem_post(&s->locks[number]);
	pthread_mutex_lock(&s->shared_lock);
	s->rounds++;
#ifndef GATE
	pthread_mutex_unlock(&s->shared_lock);
#endif
#ifdef CORRECT
	if (next < number)
		pass_on(s, next, number);
	else
#endif
		pass_on(s, number, next);
#ifdef GATE
	pthread_mutex_unlock(&s->shared_lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->shared_lock);
	for (int i = 0; i < TASKS; i++)
		sem_init(&s->locks[i], TASKS_SHARED == PTHREAD_PROCESS_SHARED, 1);
	for (int i = 0; i < TASKS; i++)
		tasks_start(run, s, i);
	tasks_join();
	assert(s->rounds == TASKS);
	for (int i = 0; i < TASKS; i++)
		sem_destroy(&s->locks[i]);
	pthread_mutex_destroy(&s->shared_lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
