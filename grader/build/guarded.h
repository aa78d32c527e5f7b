/* SPDX-License-Identifier: MIT */
/*
 * The parts of a build by which computed branches are looked at: see build/branches.h, and
 * tools_guard_branches for when that is.
 *
 *	guarded_join(build, variant, place, &linker_arguments, error);	(before student.o)
 *	guarded_student(build, place, outcome, error);		 (once it was inspected)
 *	guarded_add_parts(&linker_arguments, build);		 (for the player)
 */
#ifndef INTERLOCK_BUILD_GUARDED_H
#define INTERLOCK_BUILD_GUARDED_H

#include "build/arguments.h"
#include "build/branches.h"
#include "build/build.h"

/* The lab's entries, whose returns are looked at, in the kit. */
#define GUARDED_ENTRIES "guarded.o"

/* Makes the table of the lab's entries. */
int guarded_lab(const struct build *build, struct error *error);

/* Has the linker put all of a student's instructions in one section. */
int guarded_join(const struct build *build, enum build_variant variant, const char *place,
	struct arguments *join, struct error *error);

/* Makes the table of a student's object in its folder. */
int guarded_student(const struct build *build, const char *place,
	struct build_outcome *outcome, struct error *error);

/* Adds to a link the tables and what reads them. */
void guarded_add_parts(struct arguments *arguments, const struct build *build);

/* Whether the lab's entries keep notes. */
bool guarded_keeps_notes(const struct build *build);

#endif
