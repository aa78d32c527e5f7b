/* SPDX-License-Identifier: MIT */
/*
 * Two polite tasks, each with its own lock, that want the other's as well: who does not
 * get it lets go and starts again. In step with each other they do so for ever. The
 * correct ones reach for the locks in one order.
 */
#include "../tasks.h"
#include <sched.h>

struct state {
	pthread_mutex_t locks[2];
	int counter;
};

static void work(void *shared, int first)
{
	struct state *s = shared;
#ifdef CORRECT
	first = 0;
#endif
	pthread_mutex_t *mine = &s->locks[first];
	pthread_mutex_t *other = &s->locks[1 - first];

	pthread_mutex_lock(mine);
	while (pthread_mutex_trylock(other)) {
		pthread_mutex_unlock(mine);
		sched_yield();
		pthread_mutex_lock(mine);
	}
	s->counter++;
	pthread_mutex_unlock(other);
	pthread_mutex_unlock(mine);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	for (int i = 0; i < 2; i++)
		tasks_mutex(&s->locks[i]);
	tasks_start(work, s, 0);
	tasks_start(work, s, 1);
	tasks_join();
	assert(s->counter == 2);
	for (int i = 0; i < 2; i++)
		pthread_mutex_destroy(&s->locks[i]);
	tasks_free(s, sizeof(*s));
	return 0;
}
