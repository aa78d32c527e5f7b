/* SPDX-License-Identifier: MIT */
/*
 * Makes a course of labs: what students start from, what CI services grade with, and the
 * instructor's side. Before any of it is there, what students get is searched for answers.
 *
 *	struct course course = {.labs = labs, .lab_count = 3, .program = "interlock-...tar.gz",
 *		.grading = "cs101/grading", .ref = "v1"};
 *	course_write(&course, "cs101", &error);
 */
#ifndef INTERLOCK_KIT_COURSE_H
#define INTERLOCK_KIT_COURSE_H

#include "base/error.h"
#include "lab/lab.h"

#include <stddef.h>

struct course {
	struct lab *const *labs; /* at least one, each of another name */
	size_t lab_count;
	const char *program; /* path of the archive that make tarball makes */
	const char *grading; /* OWNER/NAME of the repository with the course's labs */
	const char *ref;     /* the tag of it that students' workflows name */
};

/* Makes the folder, which must not exist yet or be empty; whole or not at all. */
int course_write(const struct course *course, const char *folder, struct error *error);

#endif
