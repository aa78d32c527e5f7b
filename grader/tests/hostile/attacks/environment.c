/* SPDX-License-Identifier: MIT */
/* Read a secret in the grader's environment. */
#include <stdlib.h>

static int attack(void)
{
	return getenv("INTERLOCK_HOSTILE_SECRET") != 0;
}
