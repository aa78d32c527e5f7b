/* SPDX-License-Identifier: MIT */
/*
 * Grades many submissions: one process for each, as many at once as there are jobs.
 *
 *	struct batch batch = {.workshop = workshop, .lab = lab, .jobs = 2,
 *		.submissions = submissions, .count = 30};
 *	if (batch_run(&batch, "reports/out", &error))
 *		return EXIT_TROUBLE;
 *	batch_read(&batch, "reports/out");
 *	batch_release(&batch);
 */
#ifndef INTERLOCK_BATCH_BATCH_H
#define INTERLOCK_BATCH_BATCH_H

#include "base/error.h"
#include "grade/grade.h"

#include <stdbool.h>

struct submission {
	char *name; /* in the reports */
	char *path;
	uint64_t secret;       /* if the batch has options */
	struct result *result; /* once graded */
	bool skip;	       /* it is not to be graded: somebody has its result */
};

/* Somebody who wants to know what becomes of each submission; either may be NULL. */
struct batch_watch {
	void *context;
	/* A grading starts, or has ended; `graded` says whether it left a result. Both are
	 * called in the batch's own process. -1 with the error set ends the batch. */
	int (*begins)(void *context, size_t submission, struct error *error);
	int (*ended)(void *context, size_t submission, bool graded, struct error *error);
};

struct batch {
	struct workshop *workshop;
	const struct lab *lab;
	int jobs;
	bool progress; /* say on standard error how far it is */
	struct grade_options
		*options; /* the workshop's, if each submission is to be graded
					  with a secret of its own; or NULL */
	struct batch_watch watch;
	struct submission *submissions; /* owned, with all that is in them */
	size_t count;
};

/* Grades every submission that is not skipped, and writes its files below `output` as soon as
 * it is done. One that the grader could not judge has files that say so. -1 if the user asked to
 * stop, or if nothing more can be graded here. */
int batch_run(struct batch *batch, const char *output, struct error *error);

/* Reads back what batch_run() left below `output`, into result. */
void batch_read(struct batch *batch, const char *output);
void batch_release(struct batch *batch);

#endif
