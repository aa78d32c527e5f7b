/* SPDX-License-Identifier: MIT */
/*
 * A step of a GitHub Actions workflow: the terminal's report in the log, annotations on
 * the student's lines, and a summary of the step.
 *
 *	const char *summary = getenv("GITHUB_STEP_SUMMARY");
 *	if (github_write(stdout, result, &options, summary, &error))
 *		return EXIT_TROUBLE;
 */
#ifndef INTERLOCK_REPORT_GITHUB_H
#define INTERLOCK_REPORT_GITHUB_H

#include "report/terminal.h"

/* Writes the report between markers that keep the runner from taking anything in it for a
 * command, so that no submission can forge an annotation; then the annotations; and
 * appends the summary to the file, unless summary is NULL. */
int github_write(FILE *stream, const struct result *result,
	const struct terminal_options *options, const char *summary, struct error *error);

#endif
