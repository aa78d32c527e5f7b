/* SPDX-License-Identifier: MIT */
/*
 * Two locks taken in opposite orders. Nothing is wrong with the data: only a schedule in
 * which both tasks hold their first lock shows the fault.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t locks[2];
	int counter;
};

static void add(void *shared, int first)
{
	struct state *s = shared;
#ifdef CORRECT
	first = 0;
#endif

	pthread_mutex_lock(&s->locks[first]);
	pthread_mutex_lock(&s->locks[1 - first]);
	s->counter++;
	pthread_mutex_unlock(&s->locks[1 - first]);
	pthread_mutex_unlock(&s->locks[first]);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	for (int i = 0; i < 2; i++)
		tasks_mutex(&s->locks[i]);
	tasks_start(add, s, 0);
	tasks_start(add, s, 1);
	tasks_join();
	assert(s->counter == 2);
	for (int i = 0; i < 2; i++)
		pthread_mutex_destroy(&s->locks[i]);
	tasks_free(s, sizeof(*s));
	return 0;
}
