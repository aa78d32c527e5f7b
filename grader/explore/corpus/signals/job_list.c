/* SPDX-License-Identifier: MIT */
/*
 * A shell's list of jobs: main adds, the handler of SIGCHLD deletes. The buggy one blocks the
 * signal only after fork, so that the child may end before its job is in the list.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int jobs;
static volatile int deleted_early;

static void delete_job(int number)
{
	(void)number;
	while (waitpid(-1, NULL, WNOHANG) > 0) {
		if (!jobs)
			deleted_early = 1;
		jobs--;
	}
}

int main(void)
{
	sigset_t child, before;

	signal(SIGCHLD, delete_job);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
#ifdef CORRECT
	sigprocmask(SIG_BLOCK, &child, &before);
	if (fork() == 0)
		_exit(0);
#else
	if (fork() == 0)
		_exit(0);
	sigprocmask(SIG_BLOCK, &child, &before);
#endif
	jobs++;
	while (jobs > 0)
		sigsuspend(&before);
	assert(!deleted_early);
	return 0;
}
