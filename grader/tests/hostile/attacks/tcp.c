/* SPDX-License-Identifier: MIT */
/* Connect to a port of the host. */
#include <arpa/inet.h>
#include <sys/socket.h>

static int attack(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(TCP_PORT)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}
