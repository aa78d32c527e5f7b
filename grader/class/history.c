/* SPDX-License-Identifier: MIT */
#include "class/history.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/statement.h"

#include <stdlib.h>

static int read_gradings(struct history *history, sqlite3 *connection, const char *lab,
	const char *student, struct error *error)
{
	struct statement statement;
	int row = 0;

	if (statement_begin(&statement, connection,
		    "SELECT history.key, counted_from, author, reason, points, "
		    "max_points, verdict FROM history LEFT JOIN grading USING (key) "
		    "WHERE history.lab = ? AND student = ? ORDER BY history.rowid",
		    error))
		return -1;
	statement_bind(&statement, "tt", lab, student);
	while ((row = statement_row(&statement, error)) == 1) {
		history->gradings = memory_grow(history->gradings, history->count + 1,
			sizeof(*history->gradings));
		history->gradings[history->count++] = (struct counted){
			.key = text_copy(statement_text(&statement, 0)),
			.counted_from = text_copy(statement_text(&statement, 1)),
			.author = text_copy(statement_text(&statement, 2)),
			.reason = text_copy(statement_text(&statement, 3)),
			.points = statement_number(&statement, 4),
			.max_points = statement_number(&statement, 5),
			.verdict = text_copy(statement_text(&statement, 6)),
		};
	}
	statement_end(&statement);
	return row;
}

static int read_changes(struct history *history, sqlite3 *connection, const char *lab,
	const char *student, struct error *error)
{
	struct statement statement;
	int row = 0;

	if (statement_begin(&statement, connection,
		    "SELECT criterion, points, made_at, author, reason FROM adjustment "
		    "WHERE lab = ? AND student = ? ORDER BY id",
		    error))
		return -1;
	statement_bind(&statement, "tt", lab, student);
	while ((row = statement_row(&statement, error)) == 1) {
		history->changes = memory_grow(history->changes,
			history->change_count + 1, sizeof(*history->changes));
		history->changes[history->change_count++] = (struct changed){
			.criterion = text_copy(statement_text(&statement, 0)),
			.points = statement_number(&statement, 1),
			.made_at = text_copy(statement_text(&statement, 2)),
			.author = text_copy(statement_text(&statement, 3)),
			.reason = text_copy(statement_text(&statement, 4)),
		};
	}
	statement_end(&statement);
	return row;
}

int history_read(struct history *history, struct database *database, const char *lab,
	const char *student, struct error *error)
{
	sqlite3 *connection = database_connection(database);

	*history = (struct history){0};
	if (read_gradings(history, connection, lab, student, error) ||
		read_changes(history, connection, lab, student, error))
		return -1;
	return history->count > 0
		       ? 0
		       : error_set(
				 error, "the class has nobody who is called %s", student);
}

void history_release(struct history *history)
{
	for (size_t i = 0; i < history->count; i++) {
		struct counted *counted = &history->gradings[i];
		free(counted->key);
		free(counted->counted_from);
		free(counted->author);
		free(counted->reason);
		free(counted->verdict);
	}
	for (size_t i = 0; i < history->change_count; i++) {
		struct changed *changed = &history->changes[i];
		free(changed->criterion);
		free(changed->made_at);
		free(changed->author);
		free(changed->reason);
	}
	free(history->gradings);
	free(history->changes);
	*history = (struct history){0};
}

/* ", by ada: why" as far as it is known. */
static void add_who(struct buffer *page, const char *author, const char *reason)
{
	if (*author) {
		buffer_text(page, ", by ");
		buffer_own(page, text_line(author));
	}
	if (*reason) {
		buffer_text(page, ": ");
		buffer_own(page, text_line(reason));
	}
	buffer_text(page, "\n");
}

char *history_text(const struct history *history)
{
	struct buffer page = {0};

	buffer_text(&page, "What counted, from when on:\n");
	for (size_t i = 0; i < history->count; i++) {
		const struct counted *counted = &history->gradings[i];
		buffer_print(&page, "  %zu  %s  ", i + 1, counted->counted_from);
		if (*counted->verdict)
			buffer_print(&page, "%ld of %ld, %s", counted->points,
				counted->max_points, counted->verdict);
		else
			buffer_text(&page, "never graded");
		add_who(&page, counted->author, counted->reason);
	}
	if (history->change_count > 0)
		buffer_text(&page,
			"\nWhat a person changed; of a criterion the last counts:\n");
	for (size_t i = 0; i < history->change_count; i++) {
		const struct changed *changed = &history->changes[i];
		buffer_print(&page, "  %s  %s: %ld points", changed->made_at,
			changed->criterion, changed->points);
		add_who(&page, changed->author, changed->reason);
	}
	return buffer_take(&page);
}

int history_disagree(struct database *database, const struct key *key,
	const struct result *result, struct error *error)
{
	char *text = result_text(result);
	char time[21];

	database_now(time);
	int status = statement_write(database_connection(database), error,
		"INSERT INTO disagreement (key, author, made_at, verdict, points, "
		"max_points, result) VALUES (?, ?, ?, ?, ?, ?, ?)",
		"ttttnnt", key->text, database_author(database), time,
		verdict_name(result->verdict), result->points, result->max_points, text);
	free(text);
	return status;
}
