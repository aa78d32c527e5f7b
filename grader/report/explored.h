/* SPDX-License-Identifier: MIT */
/*
 * The page of a program that was explored without a lab: what was found, its witness, and the
 * program's source. For a teacher to show in class.
 */
#ifndef INTERLOCK_REPORT_EXPLORED_H
#define INTERLOCK_REPORT_EXPLORED_H

#include "base/error.h"

struct ladder;
struct program_sources;

/* Replaces the file. The ladder is NULL where nothing was found; `coverage` says what was
 * looked at. 0, or -1 with the error set. */
int explored_page_write(const char *path, const struct ladder *ladder,
	const char *coverage, const struct program_sources *sources, struct error *error);

/* The drawing alone. */
int explored_picture_write(
	const char *path, const struct ladder *ladder, struct error *error);

#endif
