/* SPDX-License-Identifier: MIT */
#include "class/question.h"

#include "base/buffer.h"
#include "base/csv.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/statement.h"

#include <stdlib.h>
#include <string.h>

/* queries.sql, put in by the build. */
extern const char class_queries[];

#define MARK "-- query "
enum { MOST_WIDTH = 60 };

/* Where the next question's name starts, or NULL. */
static const char *next_question(const char *from)
{
	const char *mark = strstr(from, MARK);

	return mark ? mark + strlen(MARK) : NULL;
}

char *question_list(void)
{
	struct buffer list = {0};

	for (const char *at = next_question(class_queries); at; at = next_question(at)) {
		int name = (int)strcspn(at, ":");
		const char *title = at + name + 2;
		buffer_print(&list, "  %-14.*s%.*s\n", name, at,
			(int)strcspn(title, "\n"), title);
	}
	return buffer_take(&list);
}

char *question_sql(const char *name)
{
	for (const char *at = next_question(class_queries); at; at = next_question(at)) {
		size_t length = strcspn(at, ":");
		if (strlen(name) != length || strncmp(at, name, length) != 0)
			continue;
		const char *start = strchr(at, '\n') + 1;
		const char *end = strchr(start, ';');
		return text_format("%.*s", (int)(end + 1 - start), start);
	}
	return NULL;
}

/* The SQL for a table of that name, which is quoted; NULL with the error set if there is none. */
static char *table_sql(struct database *database, const char *name, struct error *error)
{
	struct statement statement;
	char *sql = NULL;

	if (statement_begin(&statement, database_connection(database),
		    "SELECT printf('SELECT * FROM \"%w\"', name) FROM sqlite_master "
		    "WHERE "
		    "type IN ('table', 'view') AND name = ? AND name NOT LIKE 'sqlite%'",
		    error))
		return NULL;
	statement_bind(&statement, "t", name);
	int row = statement_row(&statement, error);
	if (row == 1)
		sql = text_copy(statement_text(&statement, 0));
	else if (row == 0)
		error_set(error,
			"there is no question or table '%s'; 'interlock db DIR' lists "
			"them",
			name);
	statement_end(&statement);
	return sql;
}

static char *hexadecimal(const unsigned char *bytes, int size)
{
	struct buffer text = {0};

	for (int i = 0; i < size; i++)
		buffer_print(&text, "%02x", bytes[i]);
	return buffer_take(&text);
}

static struct answer_cell cell_of(const struct statement *statement, int column)
{
	sqlite3_stmt *row = statement->prepared;
	int type = sqlite3_column_type(row, column);

	if (type == SQLITE_BLOB)
		return (struct answer_cell){hexadecimal(sqlite3_column_blob(row, column),
						    sqlite3_column_bytes(row, column)),
			false};
	return (struct answer_cell){
		text_copy(statement_text(statement, column)), type == SQLITE_INTEGER};
}

static void read_columns(struct answer *answer, const struct statement *statement)
{
	answer->column_count = (size_t)sqlite3_column_count(statement->prepared);
	answer->columns = memory_new(answer->column_count + 1, sizeof(char *));
	for (size_t i = 0; i < answer->column_count; i++)
		answer->columns[i] =
			text_copy(sqlite3_column_name(statement->prepared, (int)i));
}

static int read_rows(
	struct answer *answer, struct statement *statement, struct error *error)
{
	size_t room = 0;
	int row = 0;

	while ((row = statement_row(statement, error)) == 1) {
		size_t start = answer->row_count++ * answer->column_count;
		if (start + answer->column_count > room) {
			room = 2 * (start + answer->column_count);
			answer->cells =
				memory_grow(answer->cells, room, sizeof(*answer->cells));
		}
		for (size_t i = 0; i < answer->column_count; i++)
			answer->cells[start + i] = cell_of(statement, (int)i);
	}
	return row;
}

int question_ask(struct answer *answer, struct database *database, const char *lab,
	const char *name, struct error *error)
{
	struct statement statement;
	char *sql = question_sql(name);

	*answer = (struct answer){0};
	if (!sql)
		sql = table_sql(database, name, error);
	if (!sql)
		return -1;
	int status =
		statement_begin(&statement, database_connection(database), sql, error);
	if (status == 0) {
		if (sqlite3_bind_parameter_count(statement.prepared) > 0)
			statement_bind(&statement, "t", lab);
		read_columns(answer, &statement);
		status = read_rows(answer, &statement, error);
		statement_end(&statement);
	}
	free(sql);
	return status;
}

void answer_release(struct answer *answer)
{
	for (size_t i = 0; i < answer->row_count * answer->column_count; i++)
		free(answer->cells[i].text);
	for (size_t i = 0; i < answer->column_count; i++)
		free(answer->columns[i]);
	free(answer->cells);
	free((void *)answer->columns);
	*answer = (struct answer){0};
}

static const struct answer_cell *cell_at(
	const struct answer *answer, size_t row, size_t column)
{
	return &answer->cells[row * answer->column_count + column];
}

static size_t column_width(const struct answer *answer, size_t column)
{
	size_t width = strlen(answer->columns[column]);

	for (size_t i = 0; i < answer->row_count; i++) {
		char *shown = text_line(cell_at(answer, i, column)->text);
		size_t own = text_columns(shown);
		width = own > width ? own : width;
		free(shown);
	}
	return width < MOST_WIDTH ? width : MOST_WIDTH;
}

/* Numbers stand at the right of their column, the last column is as long as it is. */
static void put_cell(
	struct buffer *page, const char *text, size_t width, bool right, bool last)
{
	char *shown = text_line(text);
	size_t own = text_columns(shown);
	size_t fill = own < width ? width - own : 0;

	buffer_repeat(page, ' ', right ? fill : 0);
	buffer_text(page, shown);
	buffer_repeat(page, ' ', right || last ? 0 : fill);
	buffer_text(page, last ? "\n" : "  ");
	free(shown);
}

char *answer_text(const struct answer *answer)
{
	struct buffer page = {0};
	size_t *widths = memory_new(answer->column_count + 1, sizeof(*widths));

	for (size_t i = 0; i < answer->column_count; i++)
		widths[i] = column_width(answer, i);
	for (size_t i = 0; i < answer->column_count; i++)
		put_cell(&page, answer->columns[i], widths[i],
			answer->row_count > 0 && cell_at(answer, 0, i)->number,
			i + 1 == answer->column_count);
	for (size_t row = 0; row < answer->row_count; row++)
		for (size_t i = 0; i < answer->column_count; i++)
			put_cell(&page, cell_at(answer, row, i)->text, widths[i],
				cell_at(answer, row, i)->number,
				i + 1 == answer->column_count);
	free(widths);
	return buffer_take(&page);
}

char *answer_csv(const struct answer *answer)
{
	struct buffer page = {0};

	for (size_t i = 0; i < answer->column_count; i++) {
		buffer_text(&page, i > 0 ? "," : "");
		csv_add(&page, answer->columns[i], ',');
	}
	buffer_text(&page, "\n");
	for (size_t row = 0; row < answer->row_count; row++) {
		for (size_t i = 0; i < answer->column_count; i++) {
			const struct answer_cell *cell = cell_at(answer, row, i);
			char *harmless = cell->number ? text_copy(cell->text)
						      : csv_harmless(cell->text);
			buffer_text(&page, i > 0 ? "," : "");
			csv_add(&page, harmless, ',');
			free(harmless);
		}
		buffer_text(&page, "\n");
	}
	return buffer_take(&page);
}

char *answer_json(const struct answer *answer)
{
	json_t *rows = json_require(json_array());

	for (size_t row = 0; row < answer->row_count; row++) {
		json_t *object = json_require(json_object());
		for (size_t i = 0; i < answer->column_count; i++) {
			const struct answer_cell *cell = cell_at(answer, row, i);
			json_put(object, answer->columns[i],
				cell->number ? json_require(json_integer(
						       strtoll(cell->text, NULL, 10)))
					     : json_text(cell->text));
		}
		json_push(rows, object);
	}
	return json_print(rows);
}
