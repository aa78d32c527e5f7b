/* SPDX-License-Identifier: MIT */
/* Leave 300 dead children unburied. */
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int attack(void)
{
	int made = 0;

	for (; made < 300; made++) {
		pid_t child = fork();

		if (child < 0)
			break;
		if (child == 0)
			_exit(0);
	}
	while (wait(0) > 0)
		;
	return made == 300;
}
