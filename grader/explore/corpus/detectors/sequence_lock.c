/* SPDX-License-Identifier: MIT */
/*
 * A sequence lock: the writer makes the number odd, writes, makes it even; a reader that
 * saw the same even number before and after has a whole pair. All cells are atomics, so
 * there is no data race. The buggy reader does not look again. Readers try twice at most.
 */
#include "../tasks.h"
#include <stdatomic.h>

struct state {
	atomic_int number;
	atomic_int pair[2];
};

static void write_pair(void *shared, int value)
{
	struct state *s = shared;

	atomic_fetch_add(&s->number, 1);
	atomic_store(&s->pair[0], value);
	atomic_store(&s->pair[1], value);
	atomic_fetch_add(&s->number, 1);
}

static void read_pair(void *shared, int tries)
{
	struct state *s = shared;

	for (int i = 0; i < tries; i++) {
		int before = atomic_load(&s->number);
		if (before % 2)
			continue;
		int first = atomic_load(&s->pair[0]);
		int second = atomic_load(&s->pair[1]);
#ifdef CORRECT
		if (atomic_load(&s->number) != before)
			continue;
#endif
		assert(first == second);
		return;
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(write_pair, s, 5);
	tasks_start(read_pair, s, 2);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
