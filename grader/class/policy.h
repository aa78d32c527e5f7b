/* SPDX-License-Identifier: MIT */
/*
 * What being late costs: so many percent of the lab's points for every day that has begun since it
 * was due, up to a most; nothing within the grace. Which of several hand-ins counts.
 *
 *	struct lateness lateness = lateness_of(&policy, due, handed_in);
 *	points -= full * lateness.penalty / 100.0;
 */
#ifndef INTERLOCK_CLASS_POLICY_H
#define INTERLOCK_CLASS_POLICY_H

#include "base/error.h"
#include "class/database.h"

#include <stdbool.h>

struct policy {
	char due[32]; /* of those whose roster says none: 2026-01-31T12:00:00Z, or "" */
	long grace_minutes;
	long penalty; /* percent a day */
	long cap;     /* percent at most */
	bool best;    /* of several hand-ins the best counts, not the newest */
};
#define POLICY_DEFAULTS ((struct policy){.cap = 100})

enum lateness_kind {
	LATENESS_NONE,	  /* nothing is due, or nothing was handed in */
	LATENESS_ON_TIME, /* within the grace, too */
	LATENESS_LATE,
	LATENESS_UNKNOWN, /* the export does not say when it was handed in */
};
struct lateness {
	enum lateness_kind kind;
	long long seconds; /* after it was due */
	long penalty;	   /* percent of the lab's points */
};

/* Either moment may be "", handed_in "unknown". */
struct lateness lateness_of(
	const struct policy *policy, const char *due, const char *handed_in);

/* "on time", "late: 1 d 3 h", "unknown" or ""; the caller frees it. */
char *lateness_text(const struct lateness *lateness);

int policy_keep(const struct policy *policy, struct database *database, const char *lab,
	struct error *error);
int policy_load(struct policy *policy, struct database *database, const char *lab,
	struct error *error);

#endif
