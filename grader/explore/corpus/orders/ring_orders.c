/* SPDX-License-Identifier: MIT */
/*
 * A ring of one writer and one reader: a place is given back with release.
 */
#include "../tasks.h"

#include <stdatomic.h>

#ifdef CORRECT
#define ORDER memory_order_release
#else
#define ORDER memory_order_relaxed
#endif

struct state {
	atomic_int written, read;
	int place;
};

static void put(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	for (int i = 0; i < 2; i++) {
		while (i != atomic_load_explicit(&s->read, memory_order_acquire))
			;
		s->place = i;
		atomic_store_explicit(&s->written, i + 1, memory_order_release);
	}
}

static void get(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	for (int i = 0; i < 2; i++) {
		while (atomic_load_explicit(&s->written, memory_order_acquire) == i)
			;
		assert(s->place == i);
		atomic_store_explicit(&s->read, i + 1, ORDER);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(put, s, 0);
	tasks_start(get, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
