/* SPDX-License-Identifier: MIT */
/*
 * What became of one student's hand-in: which gradings counted one after another, and what a
 * person changed, each with who, when and why. None of it is ever deleted.
 *
 *	struct history history;
 *	if (history_read(&history, database, "lock", "alice", &error) == 0)
 *		for (size_t i = 0; i < history.count; i++)
 *			puts(history.gradings[i].counted_from);
 *	history_release(&history);
 */
#ifndef INTERLOCK_CLASS_HISTORY_H
#define INTERLOCK_CLASS_HISTORY_H

#include "base/error.h"
#include "class/database.h"

#include <stddef.h>

struct counted {
	char *key;
	char *counted_from, *author, *reason;
	long points, max_points;
	char *verdict; /* "" for one that was never made */
};
struct changed {
	char *criterion;
	long points;
	char *made_at, *author, *reason;
};

struct history {
	struct counted *gradings; /* the oldest first; the last one counts */
	size_t count;
	struct changed *changes; /* by hand, the oldest first */
	size_t change_count;
};

/* -1 with the error set also if the class has nobody of that name; call history_release() in
 * both cases. */
int history_read(struct history *history, struct database *database, const char *lab,
	const char *student, struct error *error);
void history_release(struct history *history);

/* The history as lines for a person; the caller frees it. */
char *history_text(const struct history *history);

/* Keeps that a grading ended otherwise than the one that is kept with this key, which stays. */
int history_disagree(struct database *database, const struct key *key,
	const struct result *result, struct error *error);

#endif
