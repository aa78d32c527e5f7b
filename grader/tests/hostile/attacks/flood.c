/* SPDX-License-Identifier: MIT */
/* Print 8 MB. */
#include <string.h>
#include <unistd.h>

static int attack(void)
{
	static char block[1 << 16];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 128; i++)
		if (write(1, block, sizeof(block)) < 0)
			return 0;
	(void)sleep(linger_seconds);
	return 1;
}
