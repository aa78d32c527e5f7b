/* SPDX-License-Identifier: MIT */
/*
 * The notes of the lab's entries (interlock/player.h), which a student's code cannot write.
 *
 *	notes_close();	(before the first of its functions is called)
 */
#ifndef INTERLOCK_PLAYER_NOTES_H
#define INTERLOCK_PLAYER_NOTES_H

/* From now on only interlock_note_set and interlock_note_add write. */
void notes_close(void);

#endif
