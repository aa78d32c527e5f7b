/* SPDX-License-Identifier: MIT */
/*
 * A handler of our own: that of an entry could not return where notes are kept
 * (branches.c).
 */
#include <interlock/player.h>

#include <signal.h>

static void return_at_once(int number)
{
	(void)number;
}

void interlock_let_interrupt(int number)
{
	struct sigaction action = {.sa_handler = return_at_once};

	sigaction(number, &action, NULL);
}
