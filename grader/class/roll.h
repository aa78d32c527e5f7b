/* SPDX-License-Identifier: MIT */
/*
 * The roll of a class in one lab: a member for everyone who has a row in its tables, with what
 * counts of what was handed in, when that was, and the points that it is worth. Tables and
 * gradebooks are made from it.
 *
 *	struct roll roll;
 *	if (roll_read(&roll, database, "lock", NULL, &error) == 0)
 *		for (size_t i = 0; i < roll.count; i++)
 *			printf("%s: %g\n", member_name(&roll.members[i]), roll.members[i].points);
 *	roll_release(&roll);
 *
 * Where the class has a roster these are its persons, and after them each hand-in that is of none
 * of them; else the hand-ins.
 */
#ifndef INTERLOCK_CLASS_ROLL_H
#define INTERLOCK_CLASS_ROLL_H

#include "class/database.h"
#include "class/policy.h"
#include "class/roster.h"
#include "score/result.h"

#include <stdbool.h>
#include <stddef.h>

/* One hand-in, as the database has it. */
struct handed {
	char *student;	 /* as the reports call it */
	char *path;	 /* where it is, as given */
	char *handed_in; /* 2026-01-31T12:00:00Z, or "unknown" */
	char *ids;	 /* how its host knows the people: a line each, parted by tabs */
	bool claimed;	 /* by a person of the roster */
	struct result *result; /* without its witnesses */
};

struct member {
	const struct person *person; /* NULL without a roster, or who is not in it */
	const struct handed *handed; /* NULL for who handed in nothing */
	const struct result *result;
	const char *due; /* "" for never */
	struct lateness lateness;
	bool judged;   /* wholly: else the points may become more */
	double points; /* the lateness's penalty taken off */
	long full;     /* what the whole lab is worth */
};

struct roll {
	struct member *members;
	size_t count;
	size_t absent;		 /* members that handed in nothing */
	struct handed *hand_ins; /* by student */
	size_t hand_in_count;
	struct result **absences; /* of who handed in nothing */
	struct roster roster;
	struct policy policy;
	char *notes; /* for the reader: a line each, "" if there are none */
};

/* Who wants each hand-in's result before its witnesses are dropped, which are large. */
typedef int roll_visit(void *context, const struct result *result, struct error *error);
struct roll_visitor {
	roll_visit *visit;
	void *context;
};

/* 0, or -1 with the error set; call roll_release() in both cases. The visitor may be NULL. */
int roll_read(struct roll *roll, struct database *database, const char *lab,
	const struct roll_visitor *visitor, struct error *error);
void roll_release(struct roll *roll);

/* Whether the text is one of the names and ids by which the member is known, in any case of
 * its letters. "" is nobody's. */
bool member_is(const struct member *member, const char *text);
const char *member_name(const struct member *member);

#endif
