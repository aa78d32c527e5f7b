/* SPDX-License-Identifier: MIT */
/*
 * How the hosts of courses name what they export.
 *
 * Canvas     a flat folder: lastfirst_12345_678901_account-1.c, with _LATE after the name for
 *            what came late; 12345 is the student, 678901 the file, -1 another try at it
 * Moodle     a folder a student: Name_123456_assignsubmission_file; or, where that is turned off, flat:
 *            Name_123456_assignsubmission_file_account.c
 * Gradescope a folder a submission: submission_123, and submission_metadata.yml with names and
 *            times
 *
 *	struct export_name name;
 *	if (export_canvas("doejane_12345_678901_account.c", &name))
 *		printf("%s: %s\n", name.student, name.file);
 *	export_name_release(&name);
 */
#ifndef INTERLOCK_CLASS_EXPORT_H
#define INTERLOCK_CLASS_EXPORT_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct export_name {
	char *student;
	char *id;	  /* the student's at the host */
	char *name;	  /* the student's, as Moodle writes it; else NULL */
	char *attachment; /* the file's id, Canvas only; else NULL */
	char *file;	  /* its name at the student's; NULL for a folder */
	bool late;
};

/* True if the name is of that host's kind. */
bool export_canvas(const char *name, struct export_name *parts);
bool export_moodle(const char *name, struct export_name *parts);
bool export_moodle_file(const char *name, struct export_name *parts);
void export_name_release(struct export_name *parts);

/* Gradescope's metadata: for each submission_N who it is of, and when it came. */
struct gradescope_entry {
	char *folder;
	char *student; /* the names of a group joined by " and " */
	char *ids;     /* name, sid and email of each: a line each, parted by tabs */
	char *handed_in;
};
struct gradescope {
	struct gradescope_entry *entries;
	size_t count;
};
int gradescope_read(struct gradescope *gradescope, const char *path, struct error *error);
void gradescope_release(struct gradescope *gradescope);

#endif
