/* SPDX-License-Identifier: MIT */
#include "base/csv.h"

#include "base/file.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MARK "\xEF\xBB\xBF"
enum { MOST_BYTES = 64 << 20 };

struct reader {
	const char *at, *end;
	long line;
	char separator;
};

/* The one that the first line has most of, outside of quotes. */
static char find_separator(const char *text, const char *end)
{
	static const char known[] = ",;\t";
	size_t counts[sizeof(known)] = {0};
	size_t best = 0;
	bool quoted = false;

	for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++) {
		const char *found = strchr(known, *text);
		quoted ^= *text == '"';
		if (!quoted && found)
			counts[found - known]++;
	}
	for (size_t i = 1; known[i]; i++)
		best = counts[i] > counts[best] ? i : best;
	return known[best];
}

static bool at_line_end(const struct reader *reader)
{
	return reader->at == reader->end || *reader->at == '\n' || *reader->at == '\r';
}

/* A cell in quotes, in which two quotes are one. */
static int read_quoted(struct reader *reader, struct buffer *cell, struct error *error)
{
	long start = reader->line;

	for (reader->at++; reader->at < reader->end; reader->at++) {
		if (*reader->at == '"' && reader->at + 1 < reader->end &&
			reader->at[1] == '"')
			reader->at++;
		else if (*reader->at == '"')
			break;
		reader->line += *reader->at == '\n';
		buffer_add(cell, reader->at, 1);
	}
	if (reader->at == reader->end)
		return error_set(
			error, "line %ld: a quote is opened and never closed", start);
	reader->at++;
	return 0;
}

static int read_cell(struct reader *reader, struct csv_row *row, struct error *error)
{
	struct buffer cell = {0};
	int status = 0;

	if (reader->at < reader->end && *reader->at == '"')
		status = read_quoted(reader, &cell, error);
	for (; !at_line_end(reader) && *reader->at != reader->separator; reader->at++)
		buffer_add(&cell, reader->at, 1);
	row->cells = memory_grow((void *)row->cells, row->count + 1, sizeof(char *));
	row->cells[row->count++] = buffer_take(&cell);
	return status;
}

static void skip_line_ends(struct reader *reader)
{
	for (; reader->at < reader->end && at_line_end(reader); reader->at++)
		reader->line += *reader->at == '\n';
}

static int read_row(struct reader *reader, struct csv_row *row, struct error *error)
{
	*row = (struct csv_row){.line = reader->line};
	if (read_cell(reader, row, error))
		return -1;
	while (!at_line_end(reader)) {
		reader->at++;
		if (read_cell(reader, row, error))
			return -1;
	}
	return 0;
}

int csv_parse(struct csv *csv, const char *text, size_t length, struct error *error)
{
	struct reader reader = {.at = text, .end = text + length, .line = 1};
	int status = 0;

	*csv = (struct csv){.line_end = memchr(text, '\r', length) ? "\r\n" : "\n"};
	if (length > 0 && memchr(text, 0, length))
		return error_set(error, "it has NUL bytes, so it is no CSV; "
					"export it as CSV in UTF-8");
	csv->marked = length >= 3 && memcmp(text, MARK, 3) == 0;
	reader.at += csv->marked ? 3 : 0;
	reader.separator = csv->separator = find_separator(reader.at, reader.end);
	for (skip_line_ends(&reader); status == 0 && reader.at < reader.end;
		skip_line_ends(&reader)) {
		csv->rows = memory_grow(csv->rows, csv->count + 1, sizeof(*csv->rows));
		status = read_row(&reader, &csv->rows[csv->count++], error);
	}
	if (status == 0 && csv->count == 0)
		status = error_set(error, "it is empty");
	return status;
}

int csv_read(struct csv *csv, const char *path, struct error *error)
{
	size_t size = 0;
	char *text = file_read(path, MOST_BYTES, &size, error);

	*csv = (struct csv){0};
	if (!text)
		return -1;
	int status = csv_parse(csv, text, size, error);
	free(text);
	return status ? error_context(error, "%s", path) : 0;
}

void csv_release(struct csv *csv)
{
	for (size_t i = 0; i < csv->count; i++) {
		for (size_t k = 0; k < csv->rows[i].count; k++)
			free(csv->rows[i].cells[k]);
		free((void *)csv->rows[i].cells);
	}
	free(csv->rows);
	*csv = (struct csv){0};
}

static bool is_called(const char *cell, const char *name)
{
	size_t length = strlen(name);

	cell += strspn(cell, " ");
	return strncasecmp(cell, name, length) == 0 &&
	       cell[length + strspn(cell + length, " ")] == '\0';
}

int csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; csv->count > 0 && i < csv->rows[0].count; i++)
		if (is_called(csv->rows[0].cells[i], name))
			return (int)i;
	return -1;
}

const char *csv_cell(const struct csv *csv, size_t row, int column)
{
	if (column < 0 || (size_t)column >= csv->rows[row].count)
		return "";
	return csv->rows[row].cells[column];
}

void csv_set(struct csv *csv, size_t row, int column, const char *text)
{
	struct csv_row *changed = &csv->rows[row];

	while (changed->count <= (size_t)column) {
		changed->cells = memory_grow(
			(void *)changed->cells, changed->count + 1, sizeof(char *));
		changed->cells[changed->count++] = text_copy("");
	}
	free(changed->cells[column]);
	changed->cells[column] = text_copy(text);
}

void csv_add(struct buffer *line, const char *cell, char separator)
{
	bool plain = *cell != ' ' && !strchr(cell, separator) && !strpbrk(cell, "\"\r\n");

	if (plain) {
		buffer_text(line, cell);
		return;
	}
	buffer_text(line, "\"");
	for (; *cell; cell++) {
		buffer_add(line, "\"", *cell == '"');
		buffer_add(line, cell, 1);
	}
	buffer_text(line, "\"");
}

char *csv_text(const struct csv *csv)
{
	struct buffer text = {0};

	buffer_text(&text, csv->marked ? MARK : "");
	for (size_t i = 0; i < csv->count; i++) {
		for (size_t k = 0; k < csv->rows[i].count; k++) {
			buffer_add(&text, &csv->separator, k > 0);
			csv_add(&text, csv->rows[i].cells[k], csv->separator);
		}
		buffer_text(&text, csv->line_end);
	}
	return buffer_take(&text);
}

char *csv_harmless(const char *text)
{
	bool formula = *text && strchr("=+-@\t\r", *text);
	bool order = strncmp(text, "::", 2) == 0;

	return text_format("%s%s", formula || order ? "'" : "", text);
}
