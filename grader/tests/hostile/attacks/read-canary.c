/* SPDX-License-Identifier: MIT */
/* Read a file of the host. */
#include <fcntl.h>

static int attack(void)
{
	return open(CANARY, O_RDONLY) >= 0;
}
