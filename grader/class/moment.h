/* SPDX-License-Identifier: MIT */
/*
 * Moments as hosts and instructors write them: a date, a time, and the zone that makes them one
 * moment and no other.
 *
 *	long long due;
 *	if (moment_read("2026-01-31 23:59 +01:00", &due))
 *		puts(moment_text(due));   // 2026-01-31T22:59:00Z
 */
#ifndef INTERLOCK_CLASS_MOMENT_H
#define INTERLOCK_CLASS_MOMENT_H

#include <stdbool.h>

/* In seconds since 1970, UTC. False unless it has a date, a time and a zone: Z, UTC, or an offset
 * such as -07:00. Seconds, and parts of them, may be left out. */
bool moment_read(const char *text, long long *seconds);

/* 2026-01-31T22:59:00Z; the caller frees it. */
char *moment_text(long long seconds);

/* "2 d 3 h", "5 min": how long, in its two largest units; the caller frees it. */
char *moment_span(long long seconds);

#endif
