/* SPDX-License-Identifier: MIT */
/*
 * Children are reaped when a signalfd tells of SIGCHLD. Two signals may become one: the buggy
 * loop reaps one child for each, and waits for ever.
 */
#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	struct signalfd_siginfo info;
	sigset_t set;
	int left = 2;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, 0);
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			_exit(0);
	while (left > 0) {
		assert(read(fd, &info, sizeof(info)) == sizeof(info));
#ifdef CORRECT
		while (waitpid(-1, NULL, WNOHANG) > 0)
			left--;
#else
		if (waitpid(-1, NULL, WNOHANG) > 0)
			left--;
#endif
	}
	return 0;
}
