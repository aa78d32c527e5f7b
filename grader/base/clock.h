/* SPDX-License-Identifier: MIT */
/*
 * How long things take. No verdict depends on it.
 *
 *	long started = clock_ms();
 *	result->duration_ms = clock_ms() - started;
 */
#ifndef INTERLOCK_BASE_CLOCK_H
#define INTERLOCK_BASE_CLOCK_H

/* Milliseconds since some time in the past, never set back. */
long clock_ms(void);

#endif
