/* SPDX-License-Identifier: MIT */
/* Compiled into the player, together with the student's files. */
#include "work.h"

#include <interlock/player.h>

#include <stddef.h>

static int add(void *argument)
{
	struct work *work = argument;
	counter_add(&work->counter, work->times);
	return 0;
}

const struct player_entry player_entries[] = {
	{"add", add},
	{NULL, NULL},
};
