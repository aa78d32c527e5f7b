/* SPDX-License-Identifier: MIT */
/*
 * A class that is graded by several labs: a row a member, with the points of each lab and their
 * sum. Members of two labs are one if the roster gives them one id, or else if they have one name.
 *
 *	struct course course;
 *	if (course_read(&course, database, &error) == 0)
 *		fputs(course_text(&course), stdout);
 *	course_release(&course);
 */
#ifndef INTERLOCK_CLASS_COURSE_H
#define INTERLOCK_CLASS_COURSE_H

#include "class/roll.h"

struct attendance {
	const char *name;
	const struct member **members; /* of each lab; NULL: not in its roll */
};

struct course {
	char **labs;
	struct roll *rolls;
	size_t lab_count;
	struct attendance *rows; /* by name */
	size_t count;
};

/* 0, or -1 with the error set; call course_release() in both cases. */
int course_read(struct course *course, struct database *database, struct error *error);
void course_release(struct course *course);

/* The caller frees them. */
char *course_text(const struct course *course);
char *course_csv(const struct course *course);

#endif
