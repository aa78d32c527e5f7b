/* SPDX-License-Identifier: MIT */
/*
 * Questions to a class's database, and their answers as text, CSV or JSON. The questions are those
 * of grader/class/queries.sql, which says what each answers, and every table by its name.
 *
 *	struct answer answer;
 *	if (question_ask(&answer, database, "lock", "mistakes", &error) == 0)
 *		fputs(answer_text(&answer), stdout);
 *	answer_release(&answer);
 */
#ifndef INTERLOCK_CLASS_QUESTION_H
#define INTERLOCK_CLASS_QUESTION_H

#include "base/error.h"
#include "class/database.h"

#include <stdbool.h>
#include <stddef.h>

struct answer_cell {
	char *text;  /* never NULL */
	bool number; /* a whole one */
};

struct answer {
	char **columns;
	size_t column_count;
	struct answer_cell *cells; /* row by row */
	size_t row_count;
};

/* The questions by name, and what they answer, a line each; the caller frees it. */
char *question_list(void);

/* The SQL of one; NULL if there is none of that name. The caller frees it. */
char *question_sql(const char *name);

/* 0, or -1 with the error set; call answer_release() in both cases. A table is answered whole, with
 * bytes that are no text in hexadecimal. */
int question_ask(struct answer *answer, struct database *database, const char *lab,
	const char *name, struct error *error);
void answer_release(struct answer *answer);

/* Columns for a person, a table, an array of objects; the caller frees them. */
char *answer_text(const struct answer *answer);
char *answer_csv(const struct answer *answer);
char *answer_json(const struct answer *answer);

#endif
