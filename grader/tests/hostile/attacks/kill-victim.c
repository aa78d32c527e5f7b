/* SPDX-License-Identifier: MIT */
/* Signal a process of the host. */
#include <signal.h>

/* 0 is no signal, but asks whether one would be let through. */
static int attack(void)
{
	return kill(VICTIM, 0) == 0;
}
