/* SPDX-License-Identifier: MIT */
/* Change a file of the host. */
#include <fcntl.h>
#include <unistd.h>

static int attack(void)
{
	int fd = open(CANARY, O_WRONLY);

	return fd >= 0 && write(fd, "", 0) == 0;
}
