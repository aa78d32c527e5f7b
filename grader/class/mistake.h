/* SPDX-License-Identifier: MIT */
/*
 * What a student did wrong, in words that are the same for all who did it: the reason without
 * its numbers, and the witness without values, lines and the turns of a loop.
 *
 *	char *mistake = mistake_of(&result->criteria[4]);
 *	// "The balance after N withdrawals, from N is N; it should be N. A: read balance in
 *	//  account_withdraw; B: read balance, write balance in account_deposit; A: write ..."
 */
#ifndef INTERLOCK_CLASS_MISTAKE_H
#define INTERLOCK_CLASS_MISTAKE_H

#include "ladder/ladder.h"
#include "score/result.h"

/* "" for a criterion that was passed or not judged; the caller frees it. */
char *mistake_of(const struct criterion_result *criterion);

/* The text with N for each of its numbers; the caller frees it. */
char *mistake_words(const char *text);

/* The shape of a witness, "" for NULL; the caller frees it. */
char *mistake_shape(const struct ladder *ladder);

#endif
