/* SPDX-License-Identifier: MIT */
/*
 * The referee: a child of ours that loads the lab's checks and judges each criterion with
 * them. It is a process of its own so that checks that crash end only themselves.
 *
 *	if (referee_judge(workshop, folder, result, &error))
 *		return -1;
 */
#ifndef INTERLOCK_GRADE_REFEREE_H
#define INTERLOCK_GRADE_REFEREE_H

#include "explore/replay.h"
#include "grade/workshop.h"

/* Adds to the result what stress and helgrind see of the players in the folder, and
 * returns it; the result that is given is used up. The referee stores the result after
 * each criterion, so that one that dies loses nothing but what it was at. */
struct result *referee_judge(const struct workshop *workshop, const char *folder,
	struct result *result, struct error *error);

/* Runs the explored player in the folder once, as the witness of that criterion says; the
 * checks are loaded into the calling process. *shown is the witness drawn, or NULL if it does
 * not show the defect. -1: it could not be run. */
int referee_replay(const struct workshop *workshop, const char *folder,
	const struct witness_file *file, char **shown, struct error *error);

#endif
