/* SPDX-License-Identifier: MIT */
/*
 * A stack with two poppers. The buggy pop looks whether there is something in one
 * critical section and takes it in the next; the other popper may have been there in
 * between.
 */
#include "../tasks.h"

#ifndef VALUES
#define VALUES 2
#endif

struct state {
	pthread_mutex_t lock;
	int top;
	int items[VALUES];
};

static void push(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 0; i < values; i++) {
		pthread_mutex_lock(&s->lock);
		s->items[s->top++] = i + 1;
		pthread_mutex_unlock(&s->lock);
	}
}

static void pop(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 0; i < values; i++) {
		pthread_mutex_lock(&s->lock);
		int empty = s->top == 0;
#ifndef CORRECT
		pthread_mutex_unlock(&s->lock);
		pthread_mutex_lock(&s->lock);
#endif
		if (!empty) {
			assert(s->top > 0);
			s->top--;
			assert(s->items[s->top] != 0);
			s->items[s->top] = 0;
		}
		pthread_mutex_unlock(&s->lock);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(push, s, VALUES);
	tasks_start(pop, s, VALUES);
	tasks_start(pop, s, VALUES);
	tasks_join();
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
