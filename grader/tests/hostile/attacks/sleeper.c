/* SPDX-License-Identifier: MIT */
/* Sleep longer than is allowed with every signal that can be ignored ignored. */
#include <signal.h>
#include <unistd.h>

static int attack(void)
{
	for (int number = 1; number < 32; number++)
		if (number != SIGCHLD)
			(void)signal(number, SIG_IGN);
	(void)usleep(600000);
	(void)sleep(linger_seconds);
	return 1;
}
