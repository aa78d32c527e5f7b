/* SPDX-License-Identifier: MIT */
/*
 * A timed wait for an event that comes after a sleep of SLEEP_MS milliseconds; the wait
 * allows one second. Time is virtual under the explorer, so neither takes any. The buggy
 * program relies on the wait's not running out: with a sleep of two seconds it always does,
 * with one of a millisecond it does if the other task is slow. The correct one waits on.
 */
#include "../tasks.h"
#include <errno.h>
#include <semaphore.h>
#include <time.h>

#ifndef SLEEP_MS
#define SLEEP_MS 1
#endif

struct state {
	sem_t event;
};

static void await(void *shared, int number)
{
	struct state *s = shared;
	struct timespec deadline;

	(void)number;
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 1;
#ifdef CORRECT
	if (sem_timedwait(&s->event, &deadline) != 0)
		sem_wait(&s->event);
#else
	assert(sem_timedwait(&s->event, &deadline) == 0);
#endif
}

static void announce(void *shared, int number)
{
	struct state *s = shared;
	struct timespec pause = {
		.tv_sec = SLEEP_MS / 1000, .tv_nsec = SLEEP_MS % 1000 * 1000000};

	(void)number;
	nanosleep(&pause, NULL);
	sem_post(&s->event);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	sem_init(&s->event, TASKS_SHARED == PTHREAD_PROCESS_SHARED, 0);
	tasks_start(await, s, 0);
	tasks_start(announce, s, 1);
	tasks_join();
	sem_destroy(&s->event);
	tasks_free(s, sizeof(*s));
	return 0;
}
