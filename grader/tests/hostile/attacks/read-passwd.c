/* SPDX-License-Identifier: MIT */
/* Read the host's list of users. */
#include <fcntl.h>

static int attack(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0;
}
