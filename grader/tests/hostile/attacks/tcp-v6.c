/* SPDX-License-Identifier: MIT */
/* Connect to a port of the host by IPv6. */
#include <arpa/inet.h>
#include <sys/socket.h>

static int attack(void)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6, .sin6_port = htons(TCP6_PORT)};
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	address.sin6_addr = in6addr_loopback;
	return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}
