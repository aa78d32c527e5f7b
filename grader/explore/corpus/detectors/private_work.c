/* SPDX-License-Identifier: MIT */
/*
 * Tasks that work hard on memory of their own, stack and heap, and meet in one locked
 * addition each. What is private has no interleavings: the whole is small.
 */
#include "../tasks.h"

#define LENGTH 50

struct state {
	pthread_mutex_t lock;
	int sum;
};

static void work(void *shared, int number)
{
	struct state *s = shared;
	int *squares = malloc(LENGTH * sizeof(*squares));
	int sums[LENGTH] = {0};

	if (!squares)
		exit(2);
	for (int i = 0; i < LENGTH; i++)
		squares[i] = i * i * number;
	for (int i = 1; i < LENGTH; i++)
		sums[i] = sums[i - 1] + squares[i];
	free(squares);
	pthread_mutex_lock(&s->lock);
	s->sum += sums[LENGTH - 1];
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(work, s, 1);
	tasks_start(work, s, 2);
	tasks_join();
	assert(s->sum == 3 * 49 * 50 * 99 / 6);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
