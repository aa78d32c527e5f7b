/* SPDX-License-Identifier: MIT */
/* Use the processor for longer than is allowed. */
#include <time.h>

static int attack(void)
{
	double most = 1.3 + linger_seconds;

	while ((double)clock() / CLOCKS_PER_SEC < most)
		;
	return 1;
}
