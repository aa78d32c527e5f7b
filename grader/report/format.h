/* SPDX-License-Identifier: MIT */
/*
 * The formats that other programs read, each a pure function of one result.
 *
 *	const struct format *format = format_find("tap");
 *	struct format_options options = {.variable = secure_getenv};
 *	char *text = format->write(result, &options, &error);
 *
 * Each function returns text that the caller frees, or NULL with the error set.
 */
#ifndef INTERLOCK_REPORT_FORMAT_H
#define INTERLOCK_REPORT_FORMAT_H

#include "score/result.h"

struct format_options {
	/* Show hidden criteria, too, where the format has no place for them otherwise. */
	bool hidden;
	/* The value of an environment variable, or NULL: what a platform says of a run.
	 */
	char *(*variable)(const char *name);
};

typedef char *format_function(const struct result *result,
	const struct format_options *options, struct error *error);

struct format {
	const char *name;
	const char *summary; /* one line for --help */
	format_function *write;
};

/* All formats, ended by a NULL name. */
extern const struct format formats[];

/* The format with that name, or NULL. */
const struct format *format_find(const char *name);

/* FILE:LINE: error: WHAT, a line for each criterion that was not passed. */
format_function format_compiler;

/* Test Anything Protocol, version 13: what prove of Debian 12 reads. */
format_function format_tap;

/* Gradescope's results.json. Hidden criteria are marked as hidden. */
format_function format_gradescope;

/* The two last lines of an Autolab grader's output: feedback and scores. A criterion that
 * could not be judged gets no score. */
format_function format_autolab;

/* PrairieLearn's results.json, of at most 1 MB. */
format_function format_prairielearn;

/* Classroom 50's result.json. Needs the variables that the platform sets: CLASSROOM,
 * ASSIGNMENT, ASSIGNMENT_TYPE, OWNER, SUBMISSION_TAG, COMMIT_URL, RELEASE_URL and
 * REVIEW_URL; the error names one that is missing. */
format_function format_classroom50;

/* A page for people, in one file. */
format_function format_html;

/* SARIF 2.1.0, for code scanning. */
format_function format_sarif;

/* GitHub's workflow commands: at most ten annotations, one a criterion. */
format_function format_github;

/* Markdown for a GitHub step summary, of at most 1 MiB. */
format_function format_markdown;

#endif
