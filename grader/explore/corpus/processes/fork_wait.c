/* SPDX-License-Identifier: MIT */
/*
 * What a child did happens before its parent's wait returns, and what the parent did
 * before the fork happens before the child. The buggy parent reads before it waits. One
 * aligned int is read and written whole, so only the race detector can tell.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int *cell = mmap(NULL, sizeof(*cell), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (cell == MAP_FAILED)
		return 2;
	*cell = 1;
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		*cell = *cell + 1;
		exit(0);
	}
#ifdef CORRECT
	waitpid(pid, NULL, 0);
	assert(*cell == 2);
#else
	int seen = *cell;
	waitpid(pid, NULL, 0);
	assert(seen == 1 || seen == 2);
#endif
	munmap(cell, sizeof(*cell));
	return 0;
}
