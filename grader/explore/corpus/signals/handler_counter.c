/* SPDX-License-Identifier: MIT */
/*
 * main and a handler count in one variable. The handler may come between the read and the
 * write of main's increment, whose result then hides the handler's: main has to block it.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int count;

static void counted(int number)
{
	(void)number;
	count++;
}

int main(void)
{
	struct sigaction action = {.sa_handler = counted, .sa_flags = SA_RESTART};
	sigset_t user, before;
	pid_t parent = getpid();

	sigemptyset(&user);
	sigaddset(&user, SIGUSR1);
	sigaction(SIGUSR1, &action, NULL);
	if (fork() == 0) {
		kill(parent, SIGUSR1);
		_exit(0);
	}
#ifdef CORRECT
	sigprocmask(SIG_BLOCK, &user, &before);
	count++;
	sigprocmask(SIG_SETMASK, &before, NULL);
#else
	(void)before;
	count++;
#endif
	wait(NULL);
	assert(count == 2);
	return 0;
}
