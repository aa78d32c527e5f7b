/* SPDX-License-Identifier: MIT */
/* Close every descriptor, then do the work. */
#include <unistd.h>

static int attack(void)
{
	for (int fd = 0; fd < 256; fd++)
		(void)close(fd);
	return 0;
}
