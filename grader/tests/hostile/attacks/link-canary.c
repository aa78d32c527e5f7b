/* SPDX-License-Identifier: MIT */
/* Give a file of the host a second name. */
#include <stdio.h>
#include <unistd.h>

static int attack(void)
{
	char name[] = FOLDER "/linked-XXXXXX";

	snprintf(name + sizeof(name) - 7, 7, "%06d", (int)getpid() % 1000000);
	if (link(CANARY, name))
		return 0;
	(void)unlink(name);
	return 1;
}
