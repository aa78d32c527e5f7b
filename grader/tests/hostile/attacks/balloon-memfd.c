/* SPDX-License-Identifier: MIT */
/* Fill memory that no process maps. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int attack(void)
{
	static char block[1 << 20];
	int fd = memfd_create("hostile", 0);

	if (fd < 0)
		return 0;
	memset(block, 1, sizeof(block));
	for (int i = 0; i < BALLOON_MB; i++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return 0;
	(void)sleep(linger_seconds);
	(void)close(fd);
	return 1;
}
