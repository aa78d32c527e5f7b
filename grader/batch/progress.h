/* SPDX-License-Identifier: MIT */
/*
 * How far a batch is, how fast, and how long it will still take, on standard error: one line that
 * is written again on a terminal, else a plain line with each tenth.
 *
 *	struct progress progress = progress_start(48, screen_of(STDERR_FILENO));
 *	progress_show(&progress, 12);   // 12 of 48 graded, 1.3 a second, 28 s left
 *	progress_clear(&progress);
 */
#ifndef INTERLOCK_BATCH_PROGRESS_H
#define INTERLOCK_BATCH_PROGRESS_H

#include "base/screen.h"

#include <stddef.h>

struct progress {
	struct screen screen;
	size_t wanted;
	size_t tenths; /* that were told */
	double started;
};

struct progress progress_start(size_t wanted, struct screen screen);
void progress_show(struct progress *progress, size_t done);

/* Empties the line for what somebody else has to say. */
void progress_clear(const struct progress *progress);

/* What is said after so many seconds; the caller frees it. */
char *progress_text(size_t done, size_t wanted, double seconds);

#endif
