/* SPDX-License-Identifier: MIT */
#include "class/statement.h"

#include <stdarg.h>
#include <stddef.h>

int statement_begin(struct statement *statement, sqlite3 *connection, const char *sql,
	struct error *error)
{
	*statement = (struct statement){.connection = connection};
	if (sqlite3_prepare_v2(connection, sql, -1, &statement->prepared, NULL) ==
		SQLITE_OK)
		return 0;
	return error_set(error, "%s", sqlite3_errmsg(connection));
}

void statement_end(struct statement *statement)
{
	sqlite3_finalize(statement->prepared);
	statement->prepared = NULL;
}

static void bind(struct statement *statement, const char *types, va_list values)
{
	for (int i = 0; types[i]; i++) {
		if (types[i] == 'n')
			sqlite3_bind_int64(
				statement->prepared, i + 1, va_arg(values, long));
		else
			sqlite3_bind_text(statement->prepared, i + 1,
				va_arg(values, const char *), -1, SQLITE_STATIC);
	}
}

void statement_bind(struct statement *statement, const char *types, ...)
{
	va_list values;

	va_start(values, types);
	bind(statement, types, values);
	va_end(values);
}

int statement_row(struct statement *statement, struct error *error)
{
	int code = sqlite3_step(statement->prepared);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	return error_set(error, "%s", sqlite3_errmsg(statement->connection));
}

const char *statement_text(const struct statement *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement->prepared, column);

	return text ? (const char *)text : "";
}

long statement_number(const struct statement *statement, int column)
{
	return (long)sqlite3_column_int64(statement->prepared, column);
}

int statement_run(sqlite3 *connection, const char *sql, struct error *error)
{
	if (sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return error_set(error, "%s", sqlite3_errmsg(connection));
}

int statement_write(
	sqlite3 *connection, struct error *error, const char *sql, const char *types, ...)
{
	struct statement statement;
	va_list values;

	if (statement_begin(&statement, connection, sql, error))
		return -1;
	va_start(values, types);
	bind(&statement, types, values);
	va_end(values);
	int row = statement_row(&statement, error);
	statement_end(&statement);
	return row < 0 ? -1 : 0;
}
