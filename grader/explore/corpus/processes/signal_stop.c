/* SPDX-License-Identifier: MIT */
/*
 * A parent ends a child that waits for ever, by SIGTERM, and reaps it. The buggy parent
 * forgets the signal and waits for ever itself.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pid_t pid = fork();

	if (pid < 0)
		return 2;
	if (pid == 0) {
		for (;;)
			pause();
	}
#ifdef CORRECT
	kill(pid, SIGTERM);
#endif
	int status;
	assert(waitpid(pid, &status, 0) == pid);
	assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	return 0;
}
