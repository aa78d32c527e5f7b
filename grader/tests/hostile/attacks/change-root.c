/* SPDX-License-Identifier: MIT */
/* Change the root of the file tree. */
#include <unistd.h>

static int attack(void)
{
	return chroot("/") == 0;
}
