/* SPDX-License-Identifier: MIT */
/*
 * Grades a class: one process for each submission, as many at once as there are jobs.
 *
 *	struct batch batch = {.workshop = workshop, .folder = "class", .jobs = 2};
 *	if (batch_list(&batch, &error) || batch_run(&batch, "reports/out", &error))
 *		return EXIT_TROUBLE;
 *	batch_release(&batch);
 */
#ifndef INTERLOCK_BATCH_BATCH_H
#define INTERLOCK_BATCH_BATCH_H

#include "base/error.h"
#include "grade/grade.h"

struct submission {
	char *name; /* of the folder or file in the class's folder */
	char *path;
	uint64_t secret;       /* if the batch has options */
	struct result *result; /* once graded; NULL if it could not be */
};

struct batch {
	struct workshop *workshop;
	const char *folder; /* of the class: a folder or file for each submission */
	int jobs;
	bool progress;
	struct grade_options
		*options; /* the workshop's, if each submission is to be graded
					  with a secret of its own; or NULL */
	struct submission *submissions; /* sorted by name */
	size_t count;
};

/* Lists the class's submissions: everything in its folder that does not start with a dot. */
int batch_list(struct batch *batch, struct error *error);

/* Grades every submission, writes its files below `output` as soon as it is done, and reads
 * the results back. A submission that the grader could not judge has none, and is told of
 * on standard error. -1 if nothing could be graded or the user asked to stop. */
int batch_run(struct batch *batch, const char *output, struct error *error);
void batch_release(struct batch *batch);

#endif
