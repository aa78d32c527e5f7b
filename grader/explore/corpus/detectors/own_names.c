/* SPDX-License-Identifier: MIT */
/*
 * Names that the C library or the explorer's runtime have, too: the program's own are meant.
 * The buggy program leaves without the lock.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	int inside;
};

int waiters, control, real;

void send(struct state *state, int change);
void leave(struct state *state);
int point(void);

void send(struct state *state, int change)
{
	pthread_mutex_lock(&state->lock);
	state->inside += change;
	pthread_mutex_unlock(&state->lock);
}

void leave(struct state *state)
{
#ifdef CORRECT
	send(state, -1);
#else
	state->inside--;
#endif
}

int point(void)
{
	return waiters + control + real;
}

static void visit(void *shared, int number)
{
	send(shared, 1);
	leave(shared);
	(void)number;
}

int main(void)
{
	struct state *state = tasks_share(sizeof(*state));

	tasks_mutex(&state->lock);
	for (int i = 0; i < 2; i++)
		tasks_start(visit, state, i);
	tasks_join();
	assert(state->inside == point());
	pthread_mutex_destroy(&state->lock);
	tasks_free(state, sizeof(*state));
	return 0;
}
