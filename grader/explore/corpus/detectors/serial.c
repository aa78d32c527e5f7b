/* SPDX-License-Identifier: MIT */
/*
 * Two tasks share out items and work on them. They keep the lock that guards the list while
 * they work, so that one works and the other waits. The correct ones let go of it before.
 */
#include "../../../play/include/interlock/items.h"
#include "../tasks.h"

enum { ITEMS = 3 };

struct state {
	pthread_mutex_t lock;
	int taken;
	int squares[ITEMS];
};

static void work_on(struct state *s, int item)
{
	interlock_item_begin();
	s->squares[item] = item * item;
	interlock_item_end();
}

static void work(void *shared, int number)
{
	struct state *s = shared;
	int item;

	(void)number;
	do {
		pthread_mutex_lock(&s->lock);
		item = s->taken < ITEMS ? s->taken++ : ITEMS;
#ifndef CORRECT
		if (item < ITEMS)
			work_on(s, item);
#endif
		pthread_mutex_unlock(&s->lock);
#ifdef CORRECT
		if (item < ITEMS)
			work_on(s, item);
#endif
	} while (item < ITEMS);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(work, s, 0);
	tasks_start(work, s, 1);
	tasks_join();
	assert(s->squares[ITEMS - 1] == (ITEMS - 1) * (ITEMS - 1));
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
