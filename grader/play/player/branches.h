/* SPDX-License-Identifier: MIT */
/*
 * Ends the process if a function that a submission gives away, to be called later, is none
 * that its code may branch to.
 *
 *	int interlock_atexit(void (*function)(void))
 *	{
 *		branches_check((branch)function);
 *		return atexit(function);
 *	}
 */
#ifndef INTERLOCK_PLAYER_BRANCHES_H
#define INTERLOCK_PLAYER_BRANCHES_H

typedef void (*branch)(void);

void branches_check(branch target);

/* Ends the process of who tries `what`, for the reason in `tail`. */
_Noreturn void branches_refuse(const char *what, const char *tail);

#endif
