/* SPDX-License-Identifier: MIT */
/*
 * What a lab's checks/player.c is written with: the list of what play_start can name.
 *
 *	static int withdraw(void *argument)
 *	{
 *		struct work *work = argument;
 *		account_withdraw(&work->account, work->count, work->amount);
 *		return 0;
 *	}
 *	const struct player_entry player_entries[] = {{"withdraw", withdraw}, {NULL,
 * NULL}};
 *
 * It is compiled together with the student's files: nothing it says is believed without
 * the referee's own look at shared memory.
 */
#ifndef INTERLOCK_PLAYER_H
#define INTERLOCK_PLAYER_H

#include <interlock/items.h>

struct player_entry {
	const char *name;
	int (*function)(void *argument); /* called in a process of its own */
};

extern const struct player_entry player_entries[];

#endif
