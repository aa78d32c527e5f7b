/* SPDX-License-Identifier: MIT */
/*
 * The referee: a child of ours that loads the lab's checks, and has each criterion judged once
 * those that it needs are, several at once if the options say so, and ahead of its turn where
 * there is room. Each is judged in a process of its own, so that checks that crash end only
 * themselves.
 *
 *	if (referee_judge(workshop, folder, result, &error))
 *		return -1;
 */
#ifndef INTERLOCK_GRADE_REFEREE_H
#define INTERLOCK_GRADE_REFEREE_H

#include "grade/workshop.h"

/* Adds to the result what stress and helgrind see of the players in the folder, and
 * returns it; the result that is given is used up. The referee stores the result after
 * each criterion, so that one that dies loses nothing but what it was at. */
struct result *referee_judge(const struct workshop *workshop, const char *folder,
	struct result *result, long spent_ms, struct error *error);

#endif
