/* SPDX-License-Identifier: MIT */
/*
 * A queue under a lock. The buggy put claims its slot in one critical section and fills
 * it in another; the get in between takes what is not there yet.
 */
#include "../tasks.h"

#ifndef VALUES
#define VALUES 2
#endif

struct state {
	pthread_mutex_t lock;
	int head;
	int tail;
	int items[VALUES];
};

static void put(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 0; i < values; i++) {
		pthread_mutex_lock(&s->lock);
		int at = s->tail++;
#ifndef CORRECT
		pthread_mutex_unlock(&s->lock);
		pthread_mutex_lock(&s->lock);
#endif
		s->items[at] = at + 1;
		pthread_mutex_unlock(&s->lock);
	}
}

static void get(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 0; i < values; i++) {
		pthread_mutex_lock(&s->lock);
		if (s->head < s->tail) {
			int at = s->head++;
			assert(s->items[at] == at + 1);
		}
		pthread_mutex_unlock(&s->lock);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(put, s, VALUES);
	tasks_start(get, s, VALUES);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
