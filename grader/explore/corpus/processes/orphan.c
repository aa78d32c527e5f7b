/* SPDX-License-Identifier: MIT */
/*
 * A child that wants to end with its parent says so, but the parent may have ended before: the
 * child waits for ever. The correct one asks who its parent is once it has said so.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#ifdef CORRECT
	if (getppid() != parent)
		_exit(0);
#else
	(void)parent;
#endif
	for (;;)
		pause();
}

int main(void)
{
	pid_t parent = getpid();

	if (fork() == 0)
		serve(parent);
	return 0;
}
