/* SPDX-License-Identifier: MIT */
/*
 * Grades a class, or one of it, again, and says what would change before anything does. What has
 * a new key (other files, another lab, another interlock) is graded once; the new grading is kept
 * beside the one that counts, until it is applied. One who is graded again with the same key has to
 * get the same score: where not, both are kept, and it is an alarm.
 *
 *	struct regrade regrade = {.class = &class};
 *	if (regrade_open(&regrade, &error) == 0 && regrade_grade(&regrade, &error) == 0)
 *		fputs(regrade_text(&regrade), stdout);
 *	regrade_release(&regrade);
 */
#ifndef INTERLOCK_CLASS_REGRADE_H
#define INTERLOCK_CLASS_REGRADE_H

#include "class/class.h"

struct regraded {
	const char *student;   /* the class's */
	struct key old;	       /* of the grading that counts */
	struct result *before; /* NULL if there is none yet */
	struct result *after;  /* NULL if it could not be graded again */
	bool alarm;	       /* the same key got another score */
};

struct regrade {
	struct class *class; /* with its database, lab, options, policy and folder */
	const char *student; /* only this one, also if nothing changed; NULL: everybody */
	bool again;	     /* everybody also if nothing changed */
	char *folder;	     /* for the files of the new gradings */
	struct regraded *entries; /* of the class's batch, in its order */
	size_t count;
	size_t wanted; /* that are to be graded */
	char *notes;   /* who is not compared, and why: a line each */
};

/* 0, or -1 with the error set; call regrade_release() in both cases. `wanted` is set then. */
int regrade_open(struct regrade *regrade, struct error *error);
void regrade_release(struct regrade *regrade);

/* Grades what is wanted, which needs the class's workshop, and finds all old and new results. */
int regrade_grade(struct regrade *regrade, struct error *error);

/* Whether some results differ or have another key; and how many alarms there are. */
bool regrade_changes(const struct regrade *regrade);
size_t regrade_alarms(const struct regrade *regrade);

/* Old against new scores, those with one reason together; the caller frees it. */
char *regrade_text(const struct regrade *regrade);

/* The new gradings count from now on. */
int regrade_apply(struct regrade *regrade, const char *reason, struct error *error);

#endif
