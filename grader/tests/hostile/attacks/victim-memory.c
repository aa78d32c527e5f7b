/* SPDX-License-Identifier: MIT */
/* Open the memory of a process of the host. */
#include <fcntl.h>
#include <stdio.h>

static int attack(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/mem", VICTIM);
	return open(path, O_RDONLY) >= 0;
}
