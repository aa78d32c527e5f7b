/* SPDX-License-Identifier: MIT */
/*
 * A task reads a file beside another that writes it. That is an order and no data race: the reader
 * has what was there before or what came. The buggy one relies on the second.
 */
#include "../tasks.h"

#include <fcntl.h>

static int file;

static void write_it(void *shared, int number)
{
	int value = 2;

	(void)shared;
	(void)number;
	assert(pwrite(file, &value, sizeof(value), 0) == sizeof(value));
}

int main(void)
{
	int value = 1;

	file = open("beside.bin", O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert(pwrite(file, &value, sizeof(value), 0) == sizeof(value));
	tasks_start(write_it, NULL, 0);
	assert(pread(file, &value, sizeof(value), 0) == sizeof(value));
#ifdef CORRECT
	assert(value == 1 || value == 2);
#else
	assert(value == 2);
#endif
	tasks_join();
	close(file);
	unlink("beside.bin");
	return 0;
}
