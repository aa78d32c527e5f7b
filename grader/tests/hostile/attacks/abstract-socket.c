/* SPDX-License-Identifier: MIT */
/* Connect to a service of the host by a name outside the file tree. */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static int attack(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path + 1, ABSTRACT_NAME, sizeof(ABSTRACT_NAME) - 1);
	return fd >= 0 && connect(fd, (struct sockaddr *)&address,
				  (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
					      sizeof(ABSTRACT_NAME))) == 0;
}
