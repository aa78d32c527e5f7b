/* SPDX-License-Identifier: MIT */
/*
 * A counter of references: the last to let go comes after all that the others did.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int references;
	int value[2];
};

static void let_go(void *shared, int number)
{
	struct state *s = shared;

	s->value[number] = 7;
	if (atomic_fetch_sub_explicit(&s->references, 1, ORDER) != 1)
		return;
	atomic_thread_fence(memory_order_acquire);
	s->value[1 - number] = 0;
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	atomic_init(&s->references, 2);
	tasks_start(let_go, s, 0);
	tasks_start(let_go, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
