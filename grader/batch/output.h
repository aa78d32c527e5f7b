/* SPDX-License-Identifier: MIT */
/*
 * The files that a grading leaves: for each submission a folder with result.json, report.txt,
 * page.html, junit.xml (rich) and junit-strict.xml; for a class class.txt and the last two.
 *
 *	if (output_write(result, "reports/out", folder_of_sources, &error))
 *		fprintf(stderr, "interlock: %s\n", error.message);
 */
#ifndef INTERLOCK_BATCH_OUTPUT_H
#define INTERLOCK_BATCH_OUTPUT_H

#include "base/error.h"
#include "report/terminal.h"
#include "score/result.h"

#include <stdio.h>

/* What the folder of one submission is called; the caller frees it. */
char *output_name(const char *submission);

/* The folder of one submission below a folder of results; the caller frees it. */
char *output_folder(const char *folder, const char *submission);

/* Writes the files of one submission to its folder, which is made. Each file is replaced
 * in one step, result.json last: where it is, the others are. */
int output_write(const struct result *result, const char *folder, struct error *error);

/* Writes class.txt, junit.xml and junit-strict.xml of all results to the folder. */
int output_write_class(
	const struct class_text *class, const char *folder, struct error *error);

/* Shows the class's text on the stream, in colour if it is a terminal. */
void output_show_class(const struct class_text *class, const char *folder, FILE *stream);

#endif
