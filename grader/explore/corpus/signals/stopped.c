/* SPDX-License-Identifier: MIT */
/*
 * Job control: a child stops itself, its parent hears of it, lets it go on and hears of that
 * and of its end. The buggy parent forgets SIGCONT.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		raise(SIGSTOP);
		_exit(3);
	}
	assert(waitpid(pid, &status, WUNTRACED) == pid);
	assert(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
#ifdef CORRECT
	kill(pid, SIGCONT);
	assert(waitpid(pid, &status, WCONTINUED) == pid);
	if (WIFCONTINUED(status))
		assert(waitpid(pid, &status, 0) == pid);
#else
	assert(waitpid(pid, &status, 0) == pid);
#endif
	assert(WIFEXITED(status) && WEXITSTATUS(status) == 3);
	return 0;
}
