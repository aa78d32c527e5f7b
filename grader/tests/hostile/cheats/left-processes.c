/* SPDX-License-Identifier: MIT */
/* Leave children that nobody waits for, dead and alive. */
#include <signal.h>
#include <unistd.h>

static int attack(void)
{
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			(void)setsid();
			if (i % 2)
				(void)sleep(600);
			_exit(0);
		}
	return 0;
}
