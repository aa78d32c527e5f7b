/* SPDX-License-Identifier: MIT */
/* Ask the kernel for the host's network interfaces. */
#include <linux/netlink.h>
#include <sys/socket.h>

static int attack(void)
{
	return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) >= 0;
}
