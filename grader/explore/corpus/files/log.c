/* SPDX-License-Identifier: MIT */
/*
 * Two tasks write a line each to one log. The buggy ones write from its start, each over the
 * other's line; the correct ones append.
 */
#include "../tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#ifdef CORRECT
#define WHERE O_APPEND
#else
#define WHERE 0
#endif

static void write_line(void *shared, int number)
{
	char line[16];
	int size = snprintf(line, sizeof(line), "task %d\n", number);
	int fd = open("log.txt", O_CREAT | O_WRONLY | WHERE, 0600);

	(void)shared;
	assert(write(fd, line, (size_t)size) == size);
	close(fd);
}

int main(void)
{
	struct stat status;

	tasks_start(write_line, NULL, 1);
	tasks_start(write_line, NULL, 2);
	tasks_join();
	assert(stat("log.txt", &status) == 0 && status.st_size == 14);
	unlink("log.txt");
	return 0;
}
