/* SPDX-License-Identifier: MIT */
/*
 * Three generations on one counter. The buggy child goes on beside its own child, and
 * updates of the two can meet.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void child(int *counter)
{
	pid_t pid = fork();
	if (pid < 0)
		exit(2);
	if (pid == 0) {
		(*counter)++;
		exit(0);
	}
#ifdef CORRECT
	waitpid(pid, NULL, 0);
	(*counter)++;
#else
	(*counter)++;
	waitpid(pid, NULL, 0);
#endif
	exit(0);
}

int main(void)
{
	int *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (counter == MAP_FAILED)
		return 2;
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0)
		child(counter);
	waitpid(pid, NULL, 0);
	assert(*counter == 2);
	munmap(counter, sizeof(*counter));
	return 0;
}
