/* SPDX-License-Identifier: MIT */
/* Write into another process. */
#include <signal.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static int attack(void)
{
	static int here = 1, there;
	struct iovec from = {&here, sizeof(here)}, to = {&there, sizeof(there)};
	pid_t child = fork();
	int written;

	if (child == 0) {
		(void)sleep(5);
		_exit(0);
	}
	written = process_vm_writev(child, &from, 1, &to, 1, 0) == sizeof(here);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	return written;
}
