/* SPDX-License-Identifier: MIT */
/* Hold memory that no process maps. */
#include <sys/mman.h>

static int attack(void)
{
	return memfd_create("hostile", 0) >= 0;
}
