/* SPDX-License-Identifier: MIT */
/*
 * A value is handed over by the end of a pipe: the reader finds it closed. The buggy writer writes
 * the value only after it has closed its end.
 */
#include "../tasks.h"

static int ends[2];

static void writer(void *shared, int number)
{
	int *value = shared;

	(void)number;
#ifdef CORRECT
	*value = 41;
	close(ends[1]);
#else
	close(ends[1]);
	*value = 41;
#endif
}

int main(void)
{
	int *value = tasks_share(sizeof(*value));
	char byte;

	assert(pipe(ends) == 0);
	tasks_start(writer, value, 0);
#ifdef FORK
	close(ends[1]);
#endif
	assert(read(ends[0], &byte, 1) == 0);
	(*value)++;
	tasks_join();
	assert(*value == 42);
	tasks_free(value, sizeof(*value));
	return 0;
}
