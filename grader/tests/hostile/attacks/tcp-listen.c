/* SPDX-License-Identifier: MIT */
/* Offer a port of the host's to others. */
#include <arpa/inet.h>
#include <sys/socket.h>

static int attack(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	       listen(fd, 1) == 0;
}
