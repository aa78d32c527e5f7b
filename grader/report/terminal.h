/* SPDX-License-Identifier: MIT */
/*
 * A result for a person at a terminal: a line a criterion, and below each one that was
 * not passed what was seen, where, and how to see it again.
 *
 *	struct terminal_options options = {.colour = isatty(STDOUT_FILENO)};
 *	terminal_write(stdout, result, &options);
 *
 * Written for 80 columns, or those that there are, and to be read without colour.
 */
#ifndef INTERLOCK_REPORT_TERMINAL_H
#define INTERLOCK_REPORT_TERMINAL_H

#include "base/buffer.h"
#include "score/result.h"

#include <stdio.h>

struct terminal_options {
	bool colour;
	bool ascii;	     /* signs as ASCII has them */
	bool hidden;	     /* show hidden criteria, too, and count their points */
	size_t width;	     /* columns, at least 60; 0: 80 */
	const char *sources; /* folder with the student's files, or the file; or NULL */
	const char *report;  /* where the whole report is, for the last line; or NULL */
};

/* What the stream can show; the other options are unset. */
struct terminal_options terminal_options_of(FILE *stream);

void terminal_write(FILE *stream, const struct result *result,
	const struct terminal_options *options);

/* Writes a page as the options say, which is empty then: for the other writers of such text. */
void terminal_put(
	FILE *stream, struct buffer *page, const struct terminal_options *options);

/* A class: one line a submission, one column a criterion, and the totals. */
struct class_text {
	const struct result *const *results; /* of one lab */
	size_t count;
	size_t absent;	   /* so many of them, the last ones, handed in nothing */
	const char *notes; /* a line each, or NULL */
};

/* Options are as above, sources unused. */
void terminal_write_class(FILE *stream, const struct class_text *class,
	const struct terminal_options *options);

#endif
