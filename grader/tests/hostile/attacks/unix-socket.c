/* SPDX-License-Identifier: MIT */
/* Connect to a service of the host by its name in the file tree. */
#include <sys/socket.h>
#include <sys/un.h>

static int attack(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = UNIX_PATH};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}
