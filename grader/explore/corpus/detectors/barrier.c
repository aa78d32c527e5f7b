/* SPDX-License-Identifier: MIT */
/*
 * Two phases with a barrier between them. MODE 0: the buggy tasks forget it and race; 1:
 * the barrier waits for one task more than there are.
 */
#include "../tasks.h"

#ifndef MODE
#define MODE 0
#endif
#if MODE == 1 && !defined(CORRECT)
#define PARTIES 3
#else
#define PARTIES 2
#endif

struct state {
	pthread_barrier_t barrier;
	int values[2];
	int serial;
};

static void work(void *shared, int number)
{
	struct state *s = shared;

	s->values[number] = 1;
#if MODE == 1 || defined(CORRECT)
	if (pthread_barrier_wait(&s->barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		s->serial++;
#endif
	assert(s->values[1 - number] == 1);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));
	pthread_barrierattr_t attributes;

	pthread_barrierattr_init(&attributes);
	pthread_barrierattr_setpshared(&attributes, TASKS_SHARED);
	pthread_barrier_init(&s->barrier, &attributes, PARTIES);
	pthread_barrierattr_destroy(&attributes);
	tasks_start(work, s, 0);
	tasks_start(work, s, 1);
	tasks_join();
#ifdef CORRECT
	assert(s->serial == 1);
#endif
	pthread_barrier_destroy(&s->barrier);
	tasks_free(s, sizeof(*s));
	return 0;
}
