/* SPDX-License-Identifier: MIT */
/*
 * A task waits for a file by its name. The correct writer fills it under another name and
 * renames it; the buggy one fills it where it is looked for, so that half of it may be read.
 */
#include "../tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#ifdef CORRECT
#define FILLED "answer.new"
#else
#define FILLED "answer"
#endif

static void publish(void *shared, int number)
{
	int fd = open(FILLED, O_CREAT | O_WRONLY, 0600);

	(void)shared;
	(void)number;
	assert(write(fd, "4", 1) == 1);
	assert(write(fd, "2", 1) == 1);
	close(fd);
	rename(FILLED, "answer");
}

int main(void)
{
	char answer[2];
	int fd;

	tasks_start(publish, NULL, 1);
	while ((fd = open("answer", O_RDONLY)) < 0)
		usleep(1000);
	assert(read(fd, answer, 2) == 2 && memcmp(answer, "42", 2) == 0);
	close(fd);
	tasks_join();
	unlink("answer");
	return 0;
}
