/* SPDX-License-Identifier: MIT */
/*
 * A lock-free stack of nodes that are used again. A pop that is overtaken by two pops and
 * a push finds the same node on top with another one below it (the "ABA" fault). The
 * correct one keeps a version beside the top.
 */
#include "../tasks.h"
#include <stdatomic.h>

#define NODES 3
#define NONE 0
#define VERSION 16

struct state {
	atomic_int top;
	atomic_int next[NODES + 1];
	atomic_int owned[NODES + 1];
};

static int advance(int top, int node)
{
#ifdef CORRECT
	return ((top / VERSION) + 1) * VERSION + node;
#else
	(void)top;
	return node;
#endif
}

static void push(struct state *s, int node)
{
	atomic_fetch_sub(&s->owned[node], 1);
	int top = atomic_load(&s->top);
	do
		atomic_store(&s->next[node], top % VERSION);
	while (!atomic_compare_exchange_strong(&s->top, &top, advance(top, node)));
}

static int pop(struct state *s)
{
	int top = atomic_load(&s->top);
	int node;

	do {
		node = top % VERSION;
		if (node == NONE)
			return NONE;
	} while (!atomic_compare_exchange_strong(
		&s->top, &top, advance(top, atomic_load(&s->next[node]))));
	assert(atomic_fetch_add(&s->owned[node], 1) == 0);
	return node;
}

static void pop_one(void *shared, int number)
{
	(void)number;
	pop(shared);
}

static void pop_two_push_one(void *shared, int number)
{
	int first = pop(shared);
	int second = pop(shared);

	(void)number;
	(void)second;
	if (first != NONE)
		push(shared, first);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	for (int node = NODES; node >= 1; node--) {
		atomic_init(&s->next[node], node == NODES ? NONE : node + 1);
		atomic_init(&s->top, node);
	}
	tasks_start(pop_one, s, 0);
	tasks_start(pop_two_push_one, s, 1);
	tasks_join();
	while (pop(s) != NONE)
		continue;
	tasks_free(s, sizeof(*s));
	return 0;
}
