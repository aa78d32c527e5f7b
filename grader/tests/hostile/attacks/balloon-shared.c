/* SPDX-License-Identifier: MIT */
/* Fill memory shared by two processes. */
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int attack(void)
{
	char *memory = mmap(0, (long)BALLOON_MB << 20, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	if (memory == MAP_FAILED)
		return 0;
	child = fork();
	memset(memory, 1, (long)BALLOON_MB << 20);
	(void)sleep(linger_seconds);
	if (child == 0)
		_exit(0);
	(void)waitpid(child, 0, 0);
	(void)munmap(memory, (long)BALLOON_MB << 20);
	return 1;
}
