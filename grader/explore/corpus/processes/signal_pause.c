/* SPDX-License-Identifier: MIT */
/*
 * A parent waits for its child's signal. The buggy one looks at the flag and then pauses:
 * a signal in between is lost, and the pause has no end. sigsuspend closes the gap.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t arrived;

static void note(int number)
{
	(void)number;
	arrived = 1;
}

int main(void)
{
	struct sigaction action = {.sa_handler = note};
	sigset_t blocked;
	sigset_t before;

	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
#ifdef CORRECT
	sigprocmask(SIG_BLOCK, &blocked, &before);
#else
	sigprocmask(SIG_BLOCK, NULL, &before);
#endif
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		kill(getppid(), SIGUSR1);
		exit(0);
	}
	while (!arrived) {
#ifdef CORRECT
		sigsuspend(&before);
#else
		pause();
#endif
	}
	assert(waitpid(pid, NULL, 0) == pid);
	return 0;
}
