/* SPDX-License-Identifier: MIT */
/*
 * Tables as spreadsheets and course sites write them: RFC 4180, with what these add to it. The
 * separator may be a comma, a semicolon or a tab; there may be a byte order mark; cells keep
 * their bytes. So a file that is read, changed in one cell and written is the same elsewhere.
 *
 *	struct csv csv;
 *	if (csv_read(&csv, "grades.csv", &error) == 0) {
 *		csv_set(&csv, 1, csv_column(&csv, "Grade"), "84");
 *		char *text = csv_text(&csv);
 *	}
 *	csv_release(&csv);
 */
#ifndef INTERLOCK_BASE_CSV_H
#define INTERLOCK_BASE_CSV_H

#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct csv_row {
	char **cells;
	size_t count;
	long line; /* of the file, where the row starts */
};

struct csv {
	struct csv_row *rows; /* the first one names the columns */
	size_t count;
	char separator;
	bool marked;	      /* starts with a byte order mark */
	const char *line_end; /* "\n" or "\r\n" */
};

/* Empty lines are no rows. 0, or -1 with the error set, which names the line; call
 * csv_release() in both cases. */
int csv_parse(struct csv *csv, const char *text, size_t length, struct error *error);
int csv_read(struct csv *csv, const char *path, struct error *error);
void csv_release(struct csv *csv);

/* The column that the first row calls so, in any case and without spaces around it; -1 if none
 * does. */
int csv_column(const struct csv *csv, const char *name);

/* A cell, "" where the row is shorter or the column is -1; and a new text for it. */
const char *csv_cell(const struct csv *csv, size_t row, int column);
void csv_set(struct csv *csv, size_t row, int column, const char *text);

/* The table as it was, apart from what was set; the caller frees it. */
char *csv_text(const struct csv *csv);

/* Appends one cell, quoted where it must be. */
void csv_add(struct buffer *line, const char *cell, char separator);

/* The text for a table that a spreadsheet opens: one that starts as a formula does gets an
 * apostrophe before it, and so does one that CI systems would obey. The caller frees it. */
char *csv_harmless(const char *text);

#endif
