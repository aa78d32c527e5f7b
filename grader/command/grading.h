/* SPDX-License-Identifier: MIT */
/*
 * The options that grade, check and batch share, and what follows from them.
 *
 *	struct grading grading = GRADING_DEFAULTS;
 *	argp_parse(&argp, argc, argv, 0, NULL, &grading);  (with grading_argp as a child)
 *	if (grading_open(&grading, "critical-section", &error))
 *		return EXIT_TROUBLE;
 *	struct result *result = grade(grading.workshop, path, name, &error);
 *	grading_close(&grading);
 */
#ifndef INTERLOCK_COMMAND_GRADING_H
#define INTERLOCK_COMMAND_GRADING_H

#include "base/error.h"
#include "grade/grade.h"
#include "lab/lab.h"

#include <argp.h>

struct grading {
	struct grade_options options;
	const char *only;  /* the criterion of --only, or NULL */
	const char *stage; /* of --stage, or NULL */
	const char *pin;   /* of --pin, or NULL */
	uint64_t inputs;   /* of --inputs */
	char *reproduce;   /* owned */
	struct lab *lab;
	struct workshop *workshop;
};

#define GRADING_DEFAULTS ((struct grading){.options = {.compiler = "gcc"}})

/* Parses --compiler, --only, --stage, --pin, --seed and --inputs into the struct grading that is its input. */
extern const struct argp grading_argp;

/* Opens the lab, finds the tier of the sandbox (none if options.trusted) and compiles the
 * lab's checks. `again` is the command that repeats the grading. */
int grading_open(
	struct grading *grading, const char *lab, const char *again, struct error *error);

/* The two halves of grading_open: where there may be nothing to grade, the lab's checks need not
 * be compiled. */
int grading_begin(
	struct grading *grading, const char *lab, const char *again, struct error *error);
int grading_work(struct grading *grading, struct error *error);
void grading_close(struct grading *grading);

/* How inputs are drawn and what is judged, as a text that is part of a grading's key; the
 * caller frees it. */
char *grading_policy(const struct grading *grading);

/* The last part of a path, without trailing slashes; the caller frees it. */
char *submission_name(const char *path);

#endif
