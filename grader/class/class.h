/* SPDX-License-Identifier: MIT */
/*
 * A class: what its students handed in, graded once each, and the reports of all. What is
 * done is in the database as soon as it is done, so a class that was interrupted goes on where it
 * was, and its reports are those of one that was not.
 *
 *	struct class class = {.lab = lab, .workshop = workshop, .output = "reports/out", ...};
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
	struct workshop *workshop; /* where something is to be graded */
	const struct grade_options *options;
	const char
		*policy; /* how inputs are drawn, and what is judged: a part of the key */
	const char *only;   /* the one criterion to judge, or NULL */
	const char *folder; /* with the class's submissions, or an archive of it */
	const char *output; /* the folder of its reports */
	const char *roster; /* a CSV of who is in the class, or NULL */
	struct policy late; /* what being late costs */
	int jobs;
	bool progress;

	struct database *database;
	struct collection collection;
	struct batch batch;    /* a submission for each of the collection */
	struct key *keys;      /* of each submission */
	struct roster persons; /* as the roster has them */
	size_t cached;	       /* submissions that needed no grading */
};

/* Finds what was handed in, and the key of each; nothing is written. */
int class_collect(struct class *class, struct error *error);

/* Opens the class's database, lists what was handed in and finds what has a grading already
 * (`cached`): so that a folder that cannot be read, or written, is told before anything else. */
int class_open(struct class *class, struct error *error);
void class_close(struct class *class);

/* Grades what has no grading yet, with the workshop. -1 also if the user asked to stop; what is
 * done is kept. */
int class_grade(struct class *class, struct error *error);

/* Writes the reports of every submission that lacks them, and those of the class, to its folder;
 * the class's text to the stream, too, unless it is NULL. *unjudged, which may be NULL, counts
 * those that could not be judged. */
int class_report(struct database *database, const char *lab, const char *output,
	FILE *stream, size_t *unjudged, struct error *error);

#endif
