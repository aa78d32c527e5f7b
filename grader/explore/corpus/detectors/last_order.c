/* SPDX-License-Identifier: MIT */
/*
 * What tasks leave behind in memory of a certain KIND decides how the program goes on: only
 * when the tasks came in one order, the last first, the buggy program adds in two steps, and
 * is overtaken there. An explorer that does not see that memory takes all orders for one.
 */
#include "../tasks.h"

#include <fcntl.h>
#include <stdatomic.h>

enum { PRIVATE_MAPPING = 1, PROGRAM_BREAK, GROWING_OBJECT, READ_ONLY_LATER };

struct state {
	pthread_mutex_t lock;
	int order;
	atomic_int sum;
};

/* Its header is mapped first and alone, as programs do that read a size there. */
TASKS_HELPER void *growing_object(void)
{
	int fd = shm_open("/order", O_CREAT | O_RDWR, 0600);
	shm_unlink("/order");
	if (fd < 0 || ftruncate(fd, 8192))
		exit(2);
	int *header = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	*header = 8192;
	munmap(header, 4096);
	char *all = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return all + 4096;
}

TASKS_HELPER struct state *make_state(void)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	switch (KIND) {
	case PRIVATE_MAPPING:
		return mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
	case PROGRAM_BREAK:
		return sbrk(4096);
	case READ_ONLY_LATER: {
		struct state *state = mmap(NULL, 4096, PROT_NONE, flags, -1, 0);
		mprotect(state, 4096, PROT_READ | PROT_WRITE);
		return state;
	}
	default:
		return growing_object();
	}
}

static void come(void *shared, int number)
{
	struct state *state = shared;
	pthread_mutex_lock(&state->lock);
	state->order = state->order * 10 + number;
	pthread_mutex_unlock(&state->lock);
}

static void add(void *shared, int number)
{
	struct state *state = shared;
	atomic_fetch_add(&state->sum, number);
}

int main(void)
{
	struct state *state = make_state();
	tasks_mutex(&state->lock);
	for (int i = 1; i <= 3; i++)
		tasks_start(come, state, i);
	tasks_join();
	tasks_start(add, state, 1);
	pthread_mutex_lock(&state->lock);
	pthread_mutex_unlock(&state->lock);
#ifndef CORRECT
	if (state->order == 321) {
		int sum = atomic_load(&state->sum);
		atomic_store(&state->sum, sum + 1);
	} else
#endif
		atomic_fetch_add(&state->sum, 1);
	tasks_join();
	assert(atomic_load(&state->sum) == 2);
	return 0;
}
