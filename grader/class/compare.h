/* SPDX-License-Identifier: MIT */
/*
 * Old results against new ones: who gets other points, those for one reason together.
 *
 *	struct comparison comparison = {0};
 *	comparison_add(&comparison, database, before, after);
 *	fputs(comparison_take(&comparison, ""), stdout);
 */
#ifndef INTERLOCK_CLASS_COMPARE_H
#define INTERLOCK_CLASS_COMPARE_H

#include "class/database.h"
#include "score/result.h"

#include <stdbool.h>
#include <stddef.h>

/* Those whose results differ in one way. */
struct difference {
	char *reason; /* a line for each criterion that is judged otherwise */
	char *who;    /* a line each, with old and new points */
	size_t count;
};

struct comparison {
	struct difference *differences;
	size_t count;
	size_t same, compared;
};

/* Whether each criterion has the same verdict and the same points in both. */
bool compare_same_score(const struct result *before, const struct result *after);

/* One student's results, either of which may be NULL. What a person changed is put into both,
 * after they are compared. */
void comparison_add(struct comparison *comparison, struct database *database,
	struct result *before, struct result *after);

/* The text, after the notes; the comparison is empty again. The caller frees it. */
char *comparison_take(struct comparison *comparison, const char *notes);

#endif
