/* SPDX-License-Identifier: MIT */
/*
 * A ring between one sender and one receiver, without a lock: each side moves its own
 * index. The buggy sender moves its index before it has filled the slot.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef VALUES
#define VALUES 3
#endif
#define SLOTS 2

struct state {
	atomic_int sent;
	atomic_int received;
	int slots[SLOTS];
};

static void send(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 0; i < values; i++) {
		int at = atomic_load(&s->sent);
		if (at - atomic_load(&s->received) == SLOTS)
			return;
#ifdef CORRECT
		s->slots[at % SLOTS] = at + 1;
		atomic_store(&s->sent, at + 1);
#else
		atomic_store(&s->sent, at + 1);
		s->slots[at % SLOTS] = at + 1;
#endif
	}
}

static void receive(void *shared, int values)
{
	struct state *s = shared;

	for (int i = 0; i < values; i++) {
		int at = atomic_load(&s->received);
		if (at == atomic_load(&s->sent))
			return;
		assert(s->slots[at % SLOTS] == at + 1);
		atomic_store(&s->received, at + 1);
	}
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(send, s, VALUES);
	tasks_start(receive, s, VALUES);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
