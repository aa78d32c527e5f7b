/* SPDX-License-Identifier: MIT */
/*
 * A wait with a deadline on a condition that nobody signals: it ends by the clock, and
 * the lock is held again afterwards. The buggy program waits without a deadline.
 */
#include "../tasks.h"
#include <errno.h>
#include <time.h>

struct state {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int timeouts;
};

static void await(void *shared, int number)
{
	struct state *s = shared;
	struct timespec deadline;
	int status = 0;

	(void)number;
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_nsec += 10000000;
	deadline.tv_sec += deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	pthread_mutex_lock(&s->lock);
#ifdef CORRECT
	while (status == 0)
		status = pthread_cond_timedwait(&s->changed, &s->lock, &deadline);
	assert(status == ETIMEDOUT);
#else
	status = pthread_cond_wait(&s->changed, &s->lock);
	assert(status == 0);
#endif
	s->timeouts++;
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->changed);
	tasks_start(await, s, 0);
	tasks_start(await, s, 1);
	tasks_join();
	assert(s->timeouts == 2);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
