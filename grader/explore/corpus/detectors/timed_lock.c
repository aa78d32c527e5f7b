/* SPDX-License-Identifier: MIT */
/*
 * A lock with a deadline: who does not get it in time goes without. The holder sleeps for
 * longer than that. The buggy task takes the timeout for success.
 */
#include "../tasks.h"
#include <time.h>

struct state {
	pthread_mutex_t lock;
	int counter;
};

static void hold(void *shared, int number)
{
	struct state *s = shared;
	struct timespec pause = {.tv_nsec = number * 1000000L};

	pthread_mutex_lock(&s->lock);
	s->counter++;
	nanosleep(&pause, NULL);
	pthread_mutex_unlock(&s->lock);
}

static void hurry(void *shared, int number)
{
	struct state *s = shared;
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_nsec += number * 1000000L;
	deadline.tv_sec += deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	int status = pthread_mutex_timedlock(&s->lock, &deadline);
#ifdef CORRECT
	if (status)
		return;
#endif
	s->counter++;
	if (status == 0)
		pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(hold, s, 20);
	tasks_start(hurry, s, 5);
	tasks_join();
	assert(s->counter <= 2);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
