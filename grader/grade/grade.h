/* SPDX-License-Identifier: MIT */
/*
 * Grades one submission: intake, build, then every criterion in the stages that decide
 * it.
 *
 *	struct workshop *workshop = workshop_open(lab, &options, &error);
 *	struct result *result = grade(workshop, "class/alice", "alice", &error);
 *	if (result)
 *		terminal_write(result, stdout, ...);
 *	result_free(result);
 *	workshop_close(workshop);
 */
#ifndef INTERLOCK_GRADE_GRADE_H
#define INTERLOCK_GRADE_GRADE_H

#include "base/error.h"
#include "base/guard.h"
#include "explore/replay.h"
#include "lab/lab.h"
#include "sandbox/box.h"
#include "score/result.h"

#include <stdbool.h>
#include <stdint.h>

struct grade_options {
	const char *compiler; /* "gcc" or "clang" */
	enum box_tier tier;
	bool trusted;		/* no box: a person's own files at their own desk */
	uint64_t secret;	/* of the instructor's, from which inputs follow, too */
	const uint64_t *inputs; /* draw these, as a report names them; or NULL: what
				   follows from the files, the lab and the secret */
	const char *reproduce;	/* the command that repeats this grading, or NULL */
	const char *reports;	/* the folder that reports are put into, or NULL */
	bool progress;		/* say on standard error what is being done */
	int judges;		/* criteria judged at once; 0 is 1 */
	unsigned without;	/* guards to leave out; only tests do (base/guard.h) */
};

/* What is made once for a lab and used for each submission: its compiled checks. */
struct workshop;

/* The lab and the options must outlive the workshop. NULL with the error set. */
struct workshop *workshop_open(
	const struct lab *lab, const struct grade_options *options, struct error *error);
void workshop_close(struct workshop *workshop);

/* A complete, scored result for the submission at path, which name names in reports; the
 * caller frees it. NULL with the error set if nothing can be said of the submission. */
struct result *grade(struct workshop *workshop, const char *path, const char *name,
	struct error *error);

/* Builds the submission that the witness is of and runs it once, as the witness says. *shown
 * is the witness drawn, which the caller frees, or NULL if it does not show what it did. */
int grade_replay(struct workshop *workshop, const struct witness_file *file, char **shown,
	struct error *error);

#endif
