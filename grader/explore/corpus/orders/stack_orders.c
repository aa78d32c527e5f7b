/* SPDX-License-Identifier: MIT */
/*
 * A stack: what is pushed is published with release.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int top; /* number + 1 */
	int value[2];
};

static void push(void *shared, int number)
{
	struct state *s = shared;
	int top = 0;

	s->value[number] = 7;
	while (!atomic_compare_exchange_strong_explicit(
		&s->top, &top, number + 1, ORDER, memory_order_relaxed))
		;
}

static void pop(void *shared, int number)
{
	struct state *s = shared;
	int top = atomic_load_explicit(&s->top, memory_order_acquire);

	(void)number;
	if (top && atomic_compare_exchange_strong_explicit(
			   &s->top, &top, 0, memory_order_acquire, memory_order_relaxed))
		assert(s->value[top - 1] == 7);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(push, s, 0);
	tasks_start(pop, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
