/* SPDX-License-Identifier: MIT */
/*
 * A handler reaps children. One SIGCHLD may stand for several of them: the buggy handler
 * reaps one each time, and the parent waits for ever for the other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t left = 2;

static void reap(int number)
{
	int error = errno;

	(void)number;
#ifdef CORRECT
	while (waitpid(-1, NULL, WNOHANG) > 0)
		left--;
#else
	if (waitpid(-1, NULL, WNOHANG) > 0)
		left--;
#endif
	errno = error;
}

int main(void)
{
	struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};
	sigset_t child, before;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	sigaction(SIGCHLD, &action, NULL);
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			_exit(0);
	while (left > 0)
		sigsuspend(&before);
	return 0;
}
