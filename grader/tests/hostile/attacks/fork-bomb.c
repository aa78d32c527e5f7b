/* SPDX-License-Identifier: MIT */
/* Fork 300 children, each of which only waits. */
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int attack(void)
{
	pid_t children[300];
	int made = 0;

	for (; made < 300; made++) {
		children[made] = fork();
		if (children[made] < 0)
			break;
		if (children[made] == 0) {
			(void)sleep(20);
			_exit(0);
		}
	}
	for (int i = 0; i < made; i++) {
		(void)kill(children[i], SIGKILL);
		(void)waitpid(children[i], 0, 0);
	}
	return made == 300;
}
