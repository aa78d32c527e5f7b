/* SPDX-License-Identifier: MIT */
/*
 * Order by sleeping: the reader sleeps until the writer "must" be done. It always reads
 * the right value, and it is a data race all the same.
 */
#include "../tasks.h"
#include <time.h>

struct state {
	int value;
};

static void write_value(void *shared, int number)
{
	struct state *s = shared;

	s->value = number;
}

static void read_value(void *shared, int number)
{
	struct state *s = shared;
	struct timespec pause = {.tv_sec = 0, .tv_nsec = 1000000};

	nanosleep(&pause, NULL);
	assert(s->value == 0 || s->value == number);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(write_value, s, 7);
#ifdef CORRECT
	tasks_join();
#endif
	tasks_start(read_value, s, 7);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
