/* SPDX-License-Identifier: MIT */
/*
 * A child that dereferences a pointer which its parent sets in shared memory, and may
 * come before it is set. The correct parent sets it before the fork.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
	int *pointer;
	int cell;
};

int main(void)
{
	struct state *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return 2;
#ifdef CORRECT
	s->pointer = &s->cell;
#endif
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		*s->pointer = 1;
		exit(0);
	}
#ifndef CORRECT
	s->pointer = &s->cell;
#endif
	waitpid(pid, NULL, 0);
	munmap(s, sizeof(*s));
	return 0;
}
