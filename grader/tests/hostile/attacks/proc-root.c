/* SPDX-License-Identifier: MIT */
/* Get at the host's files through the links in /proc. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int attack(void)
{
	char path[4200];
	pid_t pids[] = {1, getppid(), getpid()};

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/%d/root%s", (int)pids[i], CANARY);
		if (open(path, O_RDONLY) >= 0)
			return 1;
	}
	return 0;
}
