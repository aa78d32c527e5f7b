/* SPDX-License-Identifier: MIT */
/*
 * A folder with a report for each student, named as the course site takes it back: zip it and
 * upload it there. It has what a student may see, so no hidden criteria.
 *
 *	feedback_write(&roll, "feedback", &error);
 *
 * Canvas     lastfirst_12345_678901_report.txt: it looks for the numbers of a student and of a file
 *            that the student handed in
 * Moodle     Name_123456_assignsubmission_file/report.txt: the second part between underscores must
 *            be the participant's number, so a name has none
 * otherwise  STUDENT/report.txt
 */
#ifndef INTERLOCK_CLASS_FEEDBACK_H
#define INTERLOCK_CLASS_FEEDBACK_H

#include "class/roll.h"

/* Makes the folder, which must not be there yet. */
int feedback_write(const struct roll *roll, const char *folder, struct error *error);

/* The path of a hand-in's report below the folder; the caller frees it. */
char *feedback_name(const struct handed *handed);

#endif
