/* SPDX-License-Identifier: MIT */
/* Empty a file of the host by its name; put back what was in it if that worked. */
#include <fcntl.h>
#include <unistd.h>

static int attack(void)
{
	int fd;

	if (truncate(CANARY, 0))
		return 0;
	fd = open(CANARY, O_WRONLY);
	(void)!write(fd, CANARY_TEXT, sizeof(CANARY_TEXT) - 1);
	return 1;
}
