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
#include <stdatomic.h>

struct player_entry {
	const char *name;
	int (*function)(void *argument); /* called in a process of its own */
};

extern const struct player_entry player_entries[];

/* The same of checks/hidden_player.c, if there is one: what only hidden checks start. */
extern const struct player_entry hidden_entries[];

/* What the checks got from play_notes: what an entry saw, and a student must not write. All
 * of the program can read it. */
void *interlock_notes(void);

/* The only ways to write there: each opens the notes, writes a number, and closes them, with
 * signals held back. In a process of several threads, one of which could write meanwhile,
 * nothing is written. They return what the number was before. */
int interlock_note_set(atomic_int *note, int value);
int interlock_note_add(atomic_int *note, int amount);
long interlock_note_long(atomic_long *note, long value);

/* From now on the signal interrupts a wait of this process, which is not begun again, and does
 * nothing else. Where notes are kept no handler of an entry's own returns. */
void interlock_let_interrupt(int number);

/* What the checks got from play_kept: a student's code that touches it fails in explore. */
void *interlock_kept(void);

#endif
