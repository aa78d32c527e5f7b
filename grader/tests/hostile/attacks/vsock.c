/* SPDX-License-Identifier: MIT */
/* Make a socket to the machine's host. */
#include <sys/socket.h>
#include <unistd.h>

static int attack(void)
{
	int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

	if (fd < 0)
		return 0;
	(void)close(fd);
	return 1;
}
