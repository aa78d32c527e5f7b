/* SPDX-License-Identifier: MIT */
/*
 * A parent that ends without having waited for its child.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t pid = fork();

	if (pid < 0)
		return 2;
	if (pid == 0)
		exit(0);
#ifdef CORRECT
	waitpid(pid, NULL, 0);
#endif
	return 0;
}
