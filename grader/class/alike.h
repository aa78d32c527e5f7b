/* SPDX-License-Identifier: MIT */
/*
 * Answers of a class that are nearly identical: pairs that share most of the parts of their
 * fingerprints. Parts that many of the class have are the obvious answer, and do not count.
 *
 *	struct alike alike;
 *	if (alike_find(&alike, database, "lock", &error) == 0)
 *		for (size_t i = 0; i < alike.count; i++)
 *			printf("%s, %s\n", alike.pairs[i].one, alike.pairs[i].other);
 *	alike_release(&alike);
 */
#ifndef INTERLOCK_CLASS_ALIKE_H
#define INTERLOCK_CLASS_ALIKE_H

#include "base/error.h"
#include "class/database.h"
#include "class/fingerprint.h"

#include <stddef.h>

/* A pair shares at least so many percent of the smaller one's parts, which are at least so many. */
enum { ALIKE_PERCENT = 80, ALIKE_PARTS = 5 };

struct alike_answer {
	char *student; /* the first one of those with the very same answer */
	struct fingerprint print;
	size_t rare; /* of its parts, those that few have */
};
struct alike_pair {
	const char *one, *other;
	unsigned percent;
};

struct alike {
	struct alike_answer *answers; /* that differ in more than names and layout */
	size_t answer_count;
	struct alike_pair *pairs; /* the most alike first */
	size_t count;
};

int alike_find(struct alike *alike, struct database *database, const char *lab,
	struct error *error);
void alike_release(struct alike *alike);

#endif
