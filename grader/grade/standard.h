/* SPDX-License-Identifier: MIT */
/*
 * The lab's own solution as a standard: whether something can be judged at all, here and now,
 * is seen by judging the solution. What can be judged of that and not of a submission is the
 * submission's own doing, and never worth more than a failure.
 *
 *	char *folder = standard_build(workshop, BUILD_EXPLORE, &error);
 *	if (folder && play_in(folder) == 0)
 *		puts("the submission's fault");
 *	standard_remove(folder);
 */
#ifndef INTERLOCK_GRADE_STANDARD_H
#define INTERLOCK_GRADE_STANDARD_H

#include "build/build.h"
#include "grade/workshop.h"

/* Whether the lab has a solution at hand; a student's copy of it has none. */
bool standard_is_there(const struct lab *lab);

/* Builds that player of the solution in a temporary folder of its own, for
 * standard_remove. NULL with the error set where the lab has no solution, or where it cannot be
 * built. */
char *standard_build(
	const struct workshop *workshop, enum build_variant variant, struct error *error);
void standard_remove(char *folder);

#endif
