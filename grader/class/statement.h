/* SPDX-License-Identifier: MIT */
/*
 * SQL statements of SQLite with this project's errors.
 *
 *	struct statement statement;
 *	if (statement_begin(&statement, connection, "SELECT points FROM grading", &error))
 *		return -1;
 *	while ((row = statement_row(&statement, &error)) == 1)
 *		sum += statement_number(&statement, 0);
 *	statement_end(&statement);
 */
#ifndef INTERLOCK_CLASS_STATEMENT_H
#define INTERLOCK_CLASS_STATEMENT_H

#include "base/error.h"

#include <sqlite3.h>

struct statement {
	sqlite3 *connection;
	sqlite3_stmt *prepared;
};

/* 0, or -1 with the error set and nothing to end. */
int statement_begin(struct statement *statement, sqlite3 *connection, const char *sql,
	struct error *error);
void statement_end(struct statement *statement);

/* Values for its question marks, in order: a letter each says t for a text (which must live
 * until statement_end, and may be NULL), n for a long. */
void statement_bind(struct statement *statement, const char *types, ...);

/* 1: there is a row; 0: there is none any more; -1 with the error set. */
int statement_row(struct statement *statement, struct error *error);

/* Of the row at hand, columns from 0. A text lives until the next row, and is never NULL. */
const char *statement_text(const struct statement *statement, int column);
long statement_number(const struct statement *statement, int column);

/* Statements without values; and one with values, that has no rows. */
int statement_run(sqlite3 *connection, const char *sql, struct error *error);
int statement_write(sqlite3 *connection, struct error *error, const char *sql,
	const char *types, ...);

#endif
