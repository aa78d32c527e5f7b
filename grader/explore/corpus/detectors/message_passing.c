/* SPDX-License-Identifier: MIT */
/*
 * Plain data behind an atomic flag. ORDER 0: release and acquire, 1: relaxed, 2: relaxed
 * with fences, 3: a volatile int that is no atomic at all. The values come out right in
 * all of them under sequential consistency; 1 and 3 are data races all the same.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef ORDER
#define ORDER 0
#endif

struct state {
	atomic_int flag;
	volatile int volatile_flag;
	int data;
};

static void send(void *shared, int number)
{
	struct state *s = shared;

	s->data = number;
	switch (ORDER) {
	case 0:
		atomic_store_explicit(&s->flag, 1, memory_order_release);
		break;
	case 2:
		atomic_thread_fence(memory_order_release);
		/* fall through */
	case 1:
		atomic_store_explicit(&s->flag, 1, memory_order_relaxed);
		break;
	default:
		s->volatile_flag = 1;
	}
}

static int arrived(struct state *s)
{
	switch (ORDER) {
	case 0:
		return atomic_load_explicit(&s->flag, memory_order_acquire);
	case 1:
	case 2: {
		int flag = atomic_load_explicit(&s->flag, memory_order_relaxed);
		if (ORDER == 2)
			atomic_thread_fence(memory_order_acquire);
		return flag;
	}
	default:
		return s->volatile_flag;
	}
}

static void receive(void *shared, int number)
{
	struct state *s = shared;

	if (arrived(s))
		assert(s->data == number);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(send, s, 42);
	tasks_start(receive, s, 42);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
