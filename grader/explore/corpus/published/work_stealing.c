/* SPDX-License-Identifier: MIT */
/*
 * A work-stealing deque after Cilk's protocol: the owner pushes and pops at the tail, the
 * thief steals at the head, and both take the lock when they might meet on the last item.
 * The buggy owner takes the last item without looking at the head again.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef ITEMS
#define ITEMS 2
#endif

struct state {
	pthread_mutex_t lock;
	atomic_int head;
	atomic_int tail;
	atomic_int taken[ITEMS];
};

static void take(struct state *s, int item)
{
	assert(atomic_fetch_add(&s->taken[item], 1) == 0);
}

static void push(struct state *s)
{
	atomic_store(&s->tail, atomic_load(&s->tail) + 1);
}

static void pop(struct state *s)
{
	int tail = atomic_load(&s->tail) - 1;

#ifdef CORRECT
	atomic_store(&s->tail, tail);
	if (atomic_load(&s->head) <= tail) {
		take(s, tail);
		return;
	}
	atomic_store(&s->tail, tail + 1);
	pthread_mutex_lock(&s->lock);
	atomic_store(&s->tail, tail);
	int mine = atomic_load(&s->head) <= tail;
	if (!mine)
		atomic_store(&s->tail, tail + 1);
	pthread_mutex_unlock(&s->lock);
	if (mine)
		take(s, tail);
#else
	if (atomic_load(&s->head) > tail)
		return;
	atomic_store(&s->tail, tail);
	take(s, tail);
#endif
}

static void steal(struct state *s)
{
	pthread_mutex_lock(&s->lock);
	int head = atomic_load(&s->head);
	atomic_store(&s->head, head + 1);
	int mine = head < atomic_load(&s->tail);
	if (!mine)
		atomic_store(&s->head, head);
	pthread_mutex_unlock(&s->lock);
	if (mine)
		take(s, head);
}

static void own(void *shared, int items)
{
	for (int i = 0; i < items; i++)
		push(shared);
	for (int i = 0; i < items; i++)
		pop(shared);
}

static void rob(void *shared, int items)
{
	for (int i = 0; i < items; i++)
		steal(shared);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(own, s, ITEMS);
	tasks_start(rob, s, ITEMS);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
