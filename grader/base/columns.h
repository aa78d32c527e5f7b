/* SPDX-License-Identifier: MIT */
/*
 * How wide the lines may be that a person reads.
 *
 *	size_t width = columns_of(stdout);
 */
#ifndef INTERLOCK_BASE_COLUMNS_H
#define INTERLOCK_BASE_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

/* Of every text that is no terminal's: a file's, a report's. */
enum { COLUMNS_USUAL = 80, COLUMNS_LEAST = 60, COLUMNS_MOST_READ = 160 };

/* What COLUMNS in the environment says, else the terminal, else COLUMNS_USUAL; at least
 * COLUMNS_LEAST and at most COLUMNS_MOST_READ. */
size_t columns_of(FILE *stream);

#endif
