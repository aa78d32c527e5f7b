/* SPDX-License-Identifier: MIT */
/*
 * Ctrl-C and its like: asks the program to stop once what it made is put away.
 *
 *	interrupt_catch();
 *	while (!interrupt_seen() && more())
 *		grade_one();
 */
#ifndef INTERLOCK_BASE_INTERRUPT_H
#define INTERLOCK_BASE_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP are noted; system calls that wait return EINTR. */
void interrupt_catch(void);

/* Likewise after that many seconds: then SIGALRM comes. */
void interrupt_after(unsigned seconds);

/* Whether one of them has come, and whether it was the time. */
bool interrupt_seen(void);
bool interrupt_was_time(void);

#endif
