/* SPDX-License-Identifier: MIT */
/*
 * Each stores and then looks at the other: with release and acquire both may miss it.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_seq_cst
#else
#define ORDER memory_order_release
#endif

struct state {
	atomic_int here[2];
	int seen[2];
};

static void meet(void *shared, int number)
{
	struct state *s = shared;

	atomic_store_explicit(&s->here[number], 1, ORDER);
#ifdef CORRECT
	s->seen[number] = atomic_load(&s->here[1 - number]);
#else
	s->seen[number] =
		atomic_load_explicit(&s->here[1 - number], memory_order_acquire);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(meet, s, 0);
	tasks_start(meet, s, 1);
	tasks_join();
	assert(s->seen[0] || s->seen[1]);
	tasks_free(s, sizeof(*s));
	return 0;
}
