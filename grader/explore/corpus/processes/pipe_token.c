/* SPDX-License-Identifier: MIT */
/*
 * A value in shared memory, and a pipe that says when it is there. What is written before
 * the byte is sent happens before what is read after it came. The buggy sender sends the
 * byte first.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int ends[2];
	int *value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (value == MAP_FAILED || pipe(ends))
		return 2;
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		close(ends[0]);
#ifdef CORRECT
		*value = 42;
		if (write(ends[1], "x", 1) != 1)
			exit(2);
#else
		if (write(ends[1], "x", 1) != 1)
			exit(2);
		*value = 42;
#endif
		exit(0);
	}
	char byte;
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		return 2;
	assert(*value == 42);
	close(ends[0]);
	waitpid(pid, NULL, 0);
	munmap(value, sizeof(*value));
	return 0;
}
