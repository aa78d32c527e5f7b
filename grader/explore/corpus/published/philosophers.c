/* SPDX-License-Identifier: MIT */
/*
 * SEATS philosophers, a fork between each two. When all of them reach for the left one
 * first, each can end up holding one fork and waiting for ever. The correct table seats
 * one who reaches for the right one first.
 */
#include "../tasks.h"

#ifndef SEATS
#define SEATS 3
#endif

struct state {
	pthread_mutex_t forks[SEATS];
	int meals[SEATS];
};

static void dine(void *shared, int seat)
{
	struct state *s = shared;
	int first = seat;
	int second = (seat + 1) % SEATS;

#ifdef CORRECT
	if (first > second) {
		first = second;
		second = seat;
	}
#endif
	pthread_mutex_lock(&s->forks[first]);
	pthread_mutex_lock(&s->forks[second]);
	s->meals[seat]++;
	pthread_mutex_unlock(&s->forks[second]);
	pthread_mutex_unlock(&s->forks[first]);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	for (int i = 0; i < SEATS; i++)
		tasks_mutex(&s->forks[i]);
	for (int i = 0; i < SEATS; i++)
		tasks_start(dine, s, i);
	tasks_join();
	for (int i = 0; i < SEATS; i++) {
		assert(s->meals[i] == 1);
		pthread_mutex_destroy(&s->forks[i]);
	}
	tasks_free(s, sizeof(*s));
	return 0;
}
