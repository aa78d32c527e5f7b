/* SPDX-License-Identifier: MIT */
#include "class/roster.h"

#include "base/csv.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/moment.h"
#include "class/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum column {
	ID,
	LOGIN,
	EMAIL,
	NAME,
	FIRST,
	LAST,
	SECTION,
	GROUP,
	DUE,
	EXTENSION,
	COLUMNS
};

/* How instructors, Canvas and Gradescope call them. */
static const char *const names[COLUMNS][8] = {
	[ID] = {"id", "student id", "sid", "sis user id", "number", "student"},
	[LOGIN] = {"login", "sis login id", "login id", "username", "user"},
	[EMAIL] = {"email", "email address", "e-mail"},
	[NAME] = {"name", "full name", "student name"},
	[FIRST] = {"first name", "given name"},
	[LAST] = {"last name", "surname", "family name"},
	[SECTION] = {"section", "sections"},
	[GROUP] = {"group", "team"},
	[DUE] = {"due", "due date", "deadline"},
	[EXTENSION] = {"extension", "extended to"},
};

struct reader {
	const struct csv *csv;
	int columns[COLUMNS];
	const char *due;
};

/* The lab's own column before the one of all labs. */
static int find_column(const struct csv *csv, enum column column, const char *lab)
{
	char *own = text_format("%s %s", names[column][0], lab);
	int found = column == DUE || column == EXTENSION ? csv_column(csv, own) : -1;

	free(own);
	for (size_t i = 0; found < 0 && names[column][i]; i++)
		found = csv_column(csv, names[column][i]);
	return found;
}

/* Also of another lab, or of all where the lab has its own. */
static bool is_known(const char *column)
{
	return strncasecmp(column, "due", 3) == 0 ||
	       strncasecmp(column, "extension", 9) == 0;
}

static void find_columns(struct reader *reader, struct roster *roster, const char *lab)
{
	const struct csv_row *head = &reader->csv->rows[0];

	for (int i = 0; i < COLUMNS; i++)
		reader->columns[i] = find_column(reader->csv, (enum column)i, lab);
	for (size_t k = 0; k < head->count; k++) {
		bool known = is_known(head->cells[k]);
		for (int i = 0; i < COLUMNS; i++)
			known |= reader->columns[i] == (int)k;
		if (!known)
			text_replace(&roster->unknown, "%s%s%s", roster->unknown,
				*roster->unknown ? ", " : "", head->cells[k]);
	}
}

static char *cell(const struct reader *reader, size_t row, enum column column)
{
	const char *text = csv_cell(reader->csv, row, reader->columns[column]);
	char *valid = NULL;
	size_t length = 0;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length > 0 && strchr(" \t", text[length - 1]))
		length--;
	valid = text_valid(text, length);
	return valid;
}

/* "2 days", "36 h", "2": how many seconds; -1 if it is none. */
static long long read_span(const char *text)
{
	static const char *const hours[] = {"h", "hour", "hours"};
	static const char *const days[] = {"", "d", "day", "days"};
	char *unit = NULL;
	double number = strtod(text + (*text == '+'), &unit);

	if (unit == text || number < 0 || number > 10000)
		return -1;
	unit += strspn(unit, " ");
	for (size_t i = 0; i < sizeof(hours) / sizeof(*hours); i++)
		if (strcasecmp(unit, hours[i]) == 0)
			return (long long)(number * 3600);
	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++)
		if (strcasecmp(unit, days[i]) == 0)
			return (long long)(number * 86400);
	return -1;
}

/* When it is due at last, "" for never. */
static char *read_due(const struct reader *reader, size_t row, struct error *error)
{
	char *due = cell(reader, row, DUE);
	char *extension = cell(reader, row, EXTENSION);
	const char *start = *due ? due : reader->due;
	long long moment = 0, extended = 0;
	long long span = *extension ? read_span(extension) : 0;
	char *text = NULL;

	if (*start && !moment_read(start, &moment))
		error_set(error,
			"it is due at '%s'; write a date, a time and a zone: "
			"2026-01-31T23:59:00Z or 2026-01-31 23:59 +01:00",
			start);
	else if (*extension && moment_read(extension, &extended))
		text = moment_text(extended);
	else if (span < 0)
		error_set(error,
			"the extension is '%s'; write '2 days', '36 hours' or a moment "
			"such as 2026-01-31T23:59:00Z",
			extension);
	else if (*extension && !*start)
		error_set(error, "there is an extension, but nothing is due; "
				 "add the column 'due' or give --due");
	else
		text = *start ? moment_text(moment + span) : text_copy("");
	free(extension);
	free(due);
	return text;
}

static int read_person(const struct reader *reader, size_t row, struct person *person,
	struct error *error)
{
	*person = (struct person){.id = cell(reader, row, ID),
		.login = cell(reader, row, LOGIN),
		.email = cell(reader, row, EMAIL),
		.name = cell(reader, row, NAME),
		.section = cell(reader, row, SECTION),
		.group = cell(reader, row, GROUP),
		.due = read_due(reader, row, error)};
	if (!*person->name) {
		char *first = cell(reader, row, FIRST);
		char *last = cell(reader, row, LAST);
		text_replace(
			&person->name, "%s%s%s", first, *first && *last ? " " : "", last);
		free(last);
		free(first);
	}
	if (!person->due)
		return -1;
	return *person_name(person)
		       ? 0
		       : error_set(error, "it has no id, login, email or name");
}

/* Two rows with one id would give one student's points to another. */
static int check_unique(const struct roster *roster, const struct csv *csv,
	const char *(*of)(const struct person *person), struct error *error)
{
	for (size_t i = 0; i < roster->count; i++)
		for (size_t k = i + 1; k < roster->count; k++)
			if (*of(&roster->persons[i]) &&
				strcasecmp(of(&roster->persons[i]),
					of(&roster->persons[k])) == 0)
				return error_set(error, "lines %ld and %ld are both '%s'",
					csv->rows[i + 1].line, csv->rows[k + 1].line,
					of(&roster->persons[i]));
	return 0;
}

static const char *id_of(const struct person *person)
{
	return person->id;
}
static const char *login_of(const struct person *person)
{
	return person->login;
}
static const char *email_of(const struct person *person)
{
	return person->email;
}

static int read_persons(
	struct roster *roster, const struct reader *reader, struct error *error)
{
	const struct csv *csv = reader->csv;

	roster->persons = memory_new(csv->count, sizeof(*roster->persons));
	for (size_t row = 1; row < csv->count; row++)
		if (read_person(reader, row, &roster->persons[roster->count++], error))
			return error_context(error, "line %ld", csv->rows[row].line);
	return check_unique(roster, csv, id_of, error) ||
			       check_unique(roster, csv, login_of, error) ||
			       check_unique(roster, csv, email_of, error)
		       ? -1
		       : 0;
}

int roster_read(struct roster *roster, const char *path, const char *lab, const char *due,
	struct error *error)
{
	struct csv csv;
	struct reader reader = {.csv = &csv, .due = due};

	*roster = (struct roster){.unknown = text_copy("")};
	int status = csv_read(&csv, path, error);
	if (status == 0) {
		find_columns(&reader, roster, lab);
		if (reader.columns[ID] < 0 && reader.columns[LOGIN] < 0 &&
			reader.columns[EMAIL] < 0 && reader.columns[NAME] < 0 &&
			reader.columns[LAST] < 0)
			status = error_set(error, "its first line names no column id, "
						  "login, email or name");
		else
			status = read_persons(roster, &reader, error);
		if (status)
			error_context(error, "the roster %s", path);
	}
	csv_release(&csv);
	return status;
}

void roster_release(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++) {
		struct person *person = &roster->persons[i];
		char *const texts[] = {person->id, person->login, person->email,
			person->name, person->section, person->group, person->due};
		for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
			free(texts[k]);
	}
	free(roster->persons);
	free(roster->unknown);
	*roster = (struct roster){0};
}

int roster_keep(const struct roster *roster, struct database *database, const char *lab,
	struct error *error)
{
	sqlite3 *connection = database_connection(database);
	int status = statement_write(
		connection, error, "DELETE FROM person WHERE lab = ?", "t", lab);

	for (size_t i = 0; status == 0 && i < roster->count; i++) {
		const struct person *person = &roster->persons[i];
		status = statement_write(connection, error,
			"INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			"tnttttttt", lab, (long)i, person->id, person->login,
			person->email, person->name, person->section, person->group,
			person->due);
	}
	return status;
}

int roster_load(struct roster *roster, struct database *database, const char *lab,
	struct error *error)
{
	struct statement statement;
	int row = 0;

	*roster = (struct roster){.unknown = text_copy("")};
	if (statement_begin(&statement, database_connection(database),
		    "SELECT id, login, email, name, section, team, due FROM person "
		    "WHERE lab = ? ORDER BY position",
		    error))
		return -1;
	statement_bind(&statement, "t", lab);
	while ((row = statement_row(&statement, error)) == 1) {
		roster->persons = memory_grow(
			roster->persons, roster->count + 1, sizeof(*roster->persons));
		roster->persons[roster->count++] = (struct person){
			.id = text_copy(statement_text(&statement, 0)),
			.login = text_copy(statement_text(&statement, 1)),
			.email = text_copy(statement_text(&statement, 2)),
			.name = text_copy(statement_text(&statement, 3)),
			.section = text_copy(statement_text(&statement, 4)),
			.group = text_copy(statement_text(&statement, 5)),
			.due = text_copy(statement_text(&statement, 6)),
		};
	}
	statement_end(&statement);
	return row;
}

const char *person_name(const struct person *person)
{
	const char *const names_of[] = {
		person->name, person->login, person->email, person->id};

	for (size_t i = 0; i < sizeof(names_of) / sizeof(*names_of); i++)
		if (*names_of[i])
			return names_of[i];
	return "";
}
