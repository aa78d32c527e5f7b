/* SPDX-License-Identifier: MIT */
/* Random numbers of the kernel decide whether a task takes the lock: it needs it always. */
#include "../tasks.h"

#include <stdatomic.h>
#include <sys/random.h>

struct state {
	pthread_mutex_t lock;
	atomic_int sum;
};

static void add(void *shared, int number)
{
	struct state *state = shared;
	unsigned char coin = 1;
#ifndef CORRECT
	if (getrandom(&coin, 1, 0) != 1)
		exit(2);
#endif
	if (coin & 1)
		pthread_mutex_lock(&state->lock);
	int sum = atomic_load(&state->sum);
	atomic_store(&state->sum, sum + number);
	if (coin & 1)
		pthread_mutex_unlock(&state->lock);
}

int main(void)
{
	struct state *state = tasks_share(sizeof(*state));
	tasks_mutex(&state->lock);
	tasks_start(add, state, 1);
	tasks_start(add, state, 1);
	tasks_join();
	assert(atomic_load(&state->sum) == 2);
	tasks_free(state, sizeof(*state));
	return 0;
}
