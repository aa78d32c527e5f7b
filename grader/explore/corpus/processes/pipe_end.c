/* SPDX-License-Identifier: MIT */
/*
 * A reader waits for the end of a pipe. It never comes while somebody, here the reader
 * itself, still holds a writing end.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int ends[2];

	if (pipe(ends))
		return 2;
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		char byte;
		int count = 0;
#ifdef CORRECT
		close(ends[1]);
#endif
		while (read(ends[0], &byte, 1) == 1)
			count++;
		exit(count == 3 ? 0 : 1);
	}
	close(ends[0]);
	if (write(ends[1], "abc", 3) != 3)
		return 2;
	close(ends[1]);
	int status;
	waitpid(pid, &status, 0);
	assert(status == 0);
	return 0;
}
