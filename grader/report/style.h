/* SPDX-License-Identifier: MIT */
/*
 * Setting text for a terminal: columns, wrapping, marks and colour. Text that is passed
 * in may be a submission's; it leaves as visible text (see base/text.h).
 *
 *	style_mark(&page, VERDICT_FAIL, colour);
 *	style_wrap(&page, 6, 88, evidence->reason);
 */
#ifndef INTERLOCK_REPORT_STYLE_H
#define INTERLOCK_REPORT_STYLE_H

#include "base/buffer.h"
#include "base/verdict.h"

#include <stdbool.h>

/* One sign for a verdict, one column wide. */
void style_mark(struct buffer *page, enum verdict verdict, bool colour);

/* Puts ASCII signs in the place of all others, in place: those of verdicts and strokes get one that
 * is like them, the rest a question mark. */
void style_ascii(char *text);

/* The text, bold unless the verdict is a pass, on one line. */
void style_emphasis(
	struct buffer *page, const char *text, enum verdict verdict, bool colour);

/* Spaces from one column to another, at least one. */
void style_fill(struct buffer *page, size_t from, size_t to);

/* The text, wrapped between words so that it stays left of column `width`; the page is at
 * column `indent` and further lines start there. Ends with a newline. */
void style_wrap(struct buffer *page, size_t indent, size_t width, const char *text);

/* As style_wrap, from the start of a line. */
void style_paragraph(struct buffer *page, size_t indent, size_t width, const char *text);

/* A command, which goes on behind a backslash where it is too long. Ends with a newline. */
void style_command(struct buffer *page, size_t indent, size_t width, const char *command);

/* Its lines as they are, each indented; of more than `most` the first three fourths and the
 * last fourth of so many, and how many there are between them. */
void style_indent(struct buffer *page, size_t indent, size_t most, const char *text);

#endif
