/* SPDX-License-Identifier: MIT */
/* The program ends with another status than 0, and races: both are told. */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	int sum;
};

static void add(void *shared, int number)
{
	struct state *state = shared;
#ifdef CORRECT
	pthread_mutex_lock(&state->lock);
#endif
	state->sum = state->sum + number;
#ifdef CORRECT
	pthread_mutex_unlock(&state->lock);
#endif
}

int main(void)
{
	struct state *state = tasks_share(sizeof(*state));
	tasks_mutex(&state->lock);
	tasks_start(add, state, 1);
	tasks_start(add, state, 1);
	tasks_join();
	tasks_free(state, sizeof(*state));
#ifdef CORRECT
	return 0;
#else
	return 7;
#endif
}
