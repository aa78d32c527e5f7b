/* SPDX-License-Identifier: MIT */
/*
 * What a mutant changes, as text: the lines taken out, those put in, and one line on
 * either side.
 *
 *	char *diff = difference("account.c", "account_deposit", before, after);
 *	bool same = difference_matches(diff, mark->diff);
 */
#ifndef INTERLOCK_SELFTEST_DIFFERENCE_H
#define INTERLOCK_SELFTEST_DIFFERENCE_H

#include <stdbool.h>

/* Starts with "@@ FILE: FUNCTION"; each line after it with '-', '+' or a blank. The caller
 * frees it. */
char *difference(
	const char *file, const char *function, const char *before, const char *after);

/* Whether two differences are the same but for white space after the first character of a
 * line, so that a formatter or an editor does no harm. */
bool difference_matches(const char *one, const char *other);

#endif
