/* SPDX-License-Identifier: MIT */
/*
 * A class: what its students handed in, graded once each, and the reports of all. What is
 * done is in the database as soon as it is done, so a class that was interrupted goes on where it
 * was, and its reports are those of one that was not.
 *
 *	struct class class = {.database = database, .lab = lab, .workshop = workshop,
 *		.output = "reports/out", ...};
 *	if (class_open(&class, &error) || class_grade(&class, &error) ||
 *	    class_report(class.database, lab->name, "reports/out", stdout, NULL, &error))
 *		return EXIT_TROUBLE;
 *	class_close(&class);
 */
#ifndef INTERLOCK_CLASS_CLASS_H
#define INTERLOCK_CLASS_CLASS_H

#include "batch/batch.h"
#include "class/collect.h"
#include "class/database.h"
#include "class/policy.h"
#include "class/roster.h"
#include "class/source.h"

#include <stdio.h>

struct class
{
	const struct lab *lab;
	const struct lab *const *others; /* that it is graded by, too */
	size_t other_count;
	struct workshop *workshop; /* where something is to be graded */
	const struct grade_options *options;
	const char
		*policy; /* how inputs are drawn, and what is judged: a part of the key */
	const char *only;   /* the one criterion to judge, or NULL */
	const char *folder; /* with the class's submissions, or an archive of it */
	const char *output; /* the folder of its reports of this lab */
	const char *roster; /* a CSV of who is in the class, or NULL */
	struct policy late; /* what being late costs */
	int jobs;
	bool progress;

	struct database *database; /* the caller's */
	struct collection collection;
	struct batch batch;    /* a submission for each of the collection */
	struct key *keys;      /* of each submission */
	struct roster persons; /* as the roster has them */
	size_t cached;	       /* submissions that needed no grading */
};

/* Finds what was handed in, and the key of each; nothing is written. */
int class_collect(struct class *class, struct error *error);

/* Lists what was handed in in the database, and finds what has a grading already (`cached`): so that
 * what cannot be read is told before anything else. */
int class_open(struct class *class, struct error *error);
void class_close(struct class *class);

/* Grades what has no grading yet, with the workshop. -1 also if the user asked to stop; what is
 * done is kept. */
int class_grade(struct class *class, struct error *error);

/* The folder of a lab's reports below that of the class: itself, unless the class is graded by
 * several labs. The caller frees it; NULL with the error set. */
char *class_folder(struct database *database, const char *folder, const char *lab,
	struct error *error);

/* Writes the reports of every submission that lacks them, and those of the class, to its folder;
 * the class's text to the stream, too, unless it is NULL. *unjudged, which may be NULL, counts
 * those that could not be judged. */
int class_report(struct database *database, const char *lab, const char *output,
	FILE *stream, size_t *unjudged, struct error *error);

/* Writes all reports below the class's folder again, of one lab or, if it is NULL, of every one. */
int class_remake(struct database *database, const char *folder, const char *lab,
	FILE *stream, struct error *error);

/* Writes course.txt and course.csv of a class that is graded by several labs; of one lab nothing.
 * The text goes to the stream, too, unless it is NULL. */
int course_report(
	struct database *database, const char *folder, FILE *stream, struct error *error);

#endif
