/* SPDX-License-Identifier: MIT */
/* Become root of a namespace of one's own. */
#include <sched.h>

static int attack(void)
{
	return unshare(CLONE_NEWUSER) == 0;
}
