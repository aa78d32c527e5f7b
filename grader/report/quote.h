/* SPDX-License-Identifier: MIT */
/*
 * A line of the student's source, to stand beside what is said of it.
 *
 *	char *line = quote_line(folder, &evidence->place);
 */
#ifndef INTERLOCK_REPORT_QUOTE_H
#define INTERLOCK_REPORT_QUOTE_H

#include "score/result.h"

/* The line at the place, without the blanks around it and at most 200 bytes; the caller
 * frees it. NULL if folder is NULL, or the file is no regular file directly in it, or has
 * no such line. The folder may be the file itself, under another name. */
char *quote_line(const char *folder, const struct source_place *place);

#endif
