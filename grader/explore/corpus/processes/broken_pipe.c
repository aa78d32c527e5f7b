/* SPDX-License-Identifier: MIT */
/* Whoever writes to a pipe that nobody reads is killed, unless it ignores the signal. */
#include "../tasks.h"

#include <errno.h>
#include <signal.h>

int main(void)
{
	int ends[2], status;

	if (pipe(ends))
		return 2;
	close(ends[0]);
	if (fork() == 0) {
		if (write(ends[1], "a", 1) < 0)
			_exit(1);
		_exit(0);
	}
	wait(&status);
	assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
#ifdef CORRECT
	signal(SIGPIPE, SIG_IGN);
#endif
	assert(write(ends[1], "a", 1) < 0 && errno == EPIPE);
	return 0;
}
