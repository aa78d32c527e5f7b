/* SPDX-License-Identifier: MIT */
/*
 * A quicksort by WORKERS tasks on a pool of ranges. "pending" counts the ranges that are
 * queued or in hand; at 0 the caller takes the items for sorted. A left part of two items
 * is not worth queueing: the worker puts it right itself. The buggy worker does so after
 * it has given its range back, and is too late if all else is done by then.
 */
#include "../tasks.h"

#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef ITEMS
#define ITEMS 7
#endif

struct range {
	int from;
	int to;
};

struct state {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int pending;
	int queued;
	int home;
	struct range ranges[ITEMS + 1];
	int items[ITEMS];
};

static void queue_range(struct state *s, int from, int to)
{
	s->ranges[s->queued].from = from;
	s->ranges[s->queued].to = to;
	s->queued++;
	s->pending++;
	pthread_cond_broadcast(&s->changed);
}

static void finish_range(struct state *s)
{
	if (--s->pending == 0)
		pthread_cond_broadcast(&s->changed);
}

/* Puts the last item where it belongs, smaller ones before it; returns its place. */
static int partition(int *items, int from, int to)
{
	int place = from;

	for (int i = from; i <= to; i++) {
		if (i < to && items[i] >= items[to])
			continue;
		int item = items[i];
		items[i] = items[place];
		items[place] = item;
		place++;
	}
	return place - 1;
}

static void sort_two(int *items)
{
	if (items[0] > items[1]) {
		int item = items[0];
		items[0] = items[1];
		items[1] = item;
	}
}

static void sort_range(struct state *s, struct range range)
{
	int middle = partition(s->items, range.from, range.to);
	int left = middle - range.from;

#ifdef CORRECT
	if (left == 2)
		sort_two(&s->items[range.from]);
#endif
	pthread_mutex_lock(&s->lock);
	if (left > 2)
		queue_range(s, range.from, middle - 1);
	if (middle + 1 < range.to)
		queue_range(s, middle + 1, range.to);
	finish_range(s);
	pthread_mutex_unlock(&s->lock);
#ifndef CORRECT
	if (left == 2)
		sort_two(&s->items[range.from]);
#endif
}

static void work(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	for (;;) {
		pthread_mutex_lock(&s->lock);
		while (s->queued == 0 && s->pending > 0)
			pthread_cond_wait(&s->changed, &s->lock);
		if (s->queued == 0) {
			s->home++;
			pthread_mutex_unlock(&s->lock);
			return;
		}
		struct range range = s->ranges[--s->queued];
		pthread_mutex_unlock(&s->lock);
		sort_range(s, range);
	}
}

/* The caller waits for the work, not for the workers, as a library's caller does. */
static void wait_sorted(struct state *s)
{
	pthread_mutex_lock(&s->lock);
	while (s->pending > 0)
		pthread_cond_wait(&s->changed, &s->lock);
	for (int i = 1; i < ITEMS; i++)
		assert(s->items[i - 1] <= s->items[i]);
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->changed);
	for (int i = 0; i < ITEMS; i++)
		s->items[i] = (i * 2 + 4) % ITEMS;
	queue_range(s, 0, ITEMS - 1);
	for (int i = 0; i < WORKERS; i++)
		tasks_start(work, s, i);
	wait_sorted(s);
	tasks_join();
	assert(s->home == WORKERS);
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
