/* SPDX-License-Identifier: MIT */
/*
 * A class's database: DIR/class.db, in SQLite. It has who handed in what, every grading that was
 * made, and what a person changed afterwards. A grading has a key, which is the same whenever
 * everything that it depends on is; so none is made twice.
 *
 *	struct database *database = database_open("reports/out", &error);
 *	if (!database_has(database, key))
 *		...
 *	database_close(database);
 *
 * One process writes to it at a time: database_open() takes a lock that ends with the process.
 * Each function that writes is one transaction: after a crash the database holds all of it or
 * nothing. Its tables are described in grader/class/schema.sql.
 */
#ifndef INTERLOCK_CLASS_DATABASE_H
#define INTERLOCK_CLASS_DATABASE_H

#include "base/error.h"
#include "class/key.h"
#include "score/result.h"

#include <sqlite3.h>
#include <stdbool.h>

struct database;

enum database_use {
	DATABASE_MAKE, /* and write; made if it is not there */
	DATABASE_WRITE,
	DATABASE_READ,
};

/* Opens the database of the class whose reports are in the folder; one of an older interlock is
 * brought up to date, one of a newer refused. NULL with the error set. */
struct database *database_open(
	const char *folder, enum database_use use, struct error *error);
void database_close(struct database *database);

/* For the other modules of class/, which have tables of their own in it. */
sqlite3 *database_connection(struct database *database);

/* Who is at work with it: the name of the user. */
const char *database_author(const struct database *database);

/* A transaction of several writes; the end is all of it, or nothing if status is not 0. */
int database_begin(struct database *database, struct error *error);
int database_settle(struct database *database, int status, struct error *error);

/* This moment: 2026-01-31T12:00:00Z. */
void database_now(char text[static 21]);

/* One hand-in. Texts are the caller's. */
struct hand_in {
	const char *student;
	const char *path;      /* where it is, as given */
	const char *handed_in; /* 2026-01-31T12:00:00Z, or "unknown" */
	const char *note;      /* what was odd about it, or "" */
	const char *ids; /* how its host knows the people: a line each, parted by tabs */
	const struct key *key;
};

/* The class as it is now: who was in it before and is no more keeps his gradings. */
int database_list(struct database *database, const struct lab *lab,
	const struct hand_in *hand_ins, size_t count, struct error *error);

/* Within a transaction: from now on the hand-in's key counts, and the history says why. */
int database_count(struct database *database, const char *lab,
	const struct hand_in *hand_in, const char *reason, struct error *error);

/* Whether there is a grading with the key that needs not be made again: it was judged, or was
 * tried DATABASE_TRIES times. */
enum { DATABASE_TRIES = 3 };
bool database_has(struct database *database, const struct key *key);

/* Keeps the grading; another one with that key is replaced. */
int database_keep(struct database *database, const struct key *key,
	const struct result *result, struct error *error);

/* Calls `visit` for every submission of the lab that the class has, by name, until one call does
 * not return 0, and returns what that did. The result is what counts now, adjustments included;
 * where there is no grading yet it says so. The callee owns it. The hand-in has no key. */
typedef int database_visit(void *context, const struct hand_in *hand_in,
	struct result *result, struct error *error);
int database_each(struct database *database, const char *lab, database_visit *visit,
	void *context, struct error *error);

/* The hand-ins alone: the visitor gets NULL for a result. */
int database_each_hand_in(struct database *database, const char *lab,
	database_visit *visit, void *context, struct error *error);

/* The result of who handed in nothing; NULL with the error set. */
struct result *database_nothing(
	struct database *database, const char *lab, struct error *error);

/* The result of one submission; NULL with the error set if the class has none of that name. */
struct result *database_result(struct database *database, const char *lab,
	const char *student, struct error *error);

/* The result of one grading as it was made, without adjustments; NULL with the error set. */
struct result *database_grading(
	struct database *database, const char *key, struct error *error);

/* Puts what a person changed into the result of a submission. */
int database_adjusted(
	struct database *database, struct result *result, struct error *error);

/* The labs that the class was graded by; the caller frees the names and the list, which NULL
 * ends. */
char **database_labs(struct database *database, struct error *error);

/* A person changes the points of a criterion. */
struct adjustment {
	const char *lab;
	const char *student;
	const char *criterion;
	long points;
	const char *reason;
	const char *author;
};
int database_adjust(struct database *database, const struct adjustment *adjustment,
	struct error *error);

#endif
