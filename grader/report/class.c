/* SPDX-License-Identifier: MIT */
#include "report/terminal.h"

#include "base/buffer.h"
#include "base/columns.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/digest.h"
#include "report/style.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NAME = 32, INDENT = 2 };

/* The columns of the longest name, within bounds. */
static size_t name_width(const struct result *const *results, size_t count)
{
	size_t width = 8;

	for (size_t i = 0; i < count; i++) {
		char *name = text_line(results[i]->submission);
		size_t columns = text_columns(name);
		free(name);
		width = columns > width ? columns : width;
	}
	return width < MOST_NAME ? width : MOST_NAME;
}

static bool is_shown(
	const struct criterion_result *criterion, const struct terminal_options *options)
{
	return options->hidden || !criterion->hidden;
}

/* One line a criterion, a stroke down to the column of each one before it. */
static void put_columns(struct buffer *page, const struct result *first, size_t width,
	const struct terminal_options *options)
{
	size_t shown = 0;

	for (size_t i = 0; i < first->criterion_count; i++) {
		if (!is_shown(&first->criteria[i], options))
			continue;
		buffer_repeat(page, ' ', INDENT + width + 2);
		for (size_t j = 0; j < shown; j++)
			buffer_text(page, "\xE2\x94\x82 ");
		buffer_own(page, text_line(first->criteria[i].name));
		buffer_text(page, "\n");
		shown++;
	}
}

static void put_row(struct buffer *page, const struct result *result, size_t width,
	const struct terminal_options *options)
{
	struct tally tally = tally_of(result, options->hidden);
	char *name = text_line(result->submission);

	buffer_repeat(page, ' ', INDENT);
	buffer_text(page, name);
	style_fill(page, text_columns(name), width + 2);
	for (size_t i = 0; i < result->criterion_count; i++) {
		if (!is_shown(&result->criteria[i], options))
			continue;
		style_mark(page, result->criteria[i].verdict, options->colour);
		buffer_text(page, " ");
	}
	buffer_print(page, " %4ld of %-4ld %s\n", tally.points, tally.max_points,
		verdict_name(result->verdict));
	free(name);
}

/* What a result says of how it was made: each line once for the whole class. */
static void put_notices(
	struct buffer *page, const struct result *const *results, size_t count)
{
	char *said = text_copy("\n");

	for (size_t i = 0; i < count; i++) {
		char *notice = text_copy(results[i]->notice);
		char *rest = notice;
		for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
			char *whole = text_format("\n%s\n", line);
			if (*line && !strstr(said, whole)) {
				text_replace(&said, "%s%s\n", said, line);
				buffer_text(page, "  ");
				buffer_own(page, text_line(line));
				buffer_text(page, "\n");
			}
			free(whole);
		}
		free(notice);
	}
	free(said);
}

/* Before all else: whose work nobody has judged. */
static void put_unjudged(
	struct buffer *page, const struct result *const *results, size_t count)
{
	size_t unjudged = 0;
	struct buffer names = {0};

	for (size_t i = 0; i < count; i++) {
		if (results[i]->verdict != VERDICT_ERROR)
			continue;
		buffer_text(&names, unjudged++ > 0 ? ", " : "");
		buffer_own(&names, text_line(results[i]->submission));
	}
	if (unjudged > 0) {
		buffer_print(
			page, "  ! %zu of %zu could not be judged: ", unjudged, count);
		char *list = buffer_take(&names);
		buffer_text(page, list);
		buffer_text(page, "\n\n");
		free(list);
	}
	buffer_release(&names);
}

static void put_sum(struct buffer *page, const struct class_text *class)
{
	size_t with[VERDICT_COUNT] = {0};
	size_t present = class->count - class->absent;

	for (size_t i = 0; i < present; i++)
		with[class->results[i]->verdict]++;
	buffer_print(page, "\n  %zu %s: %zu passed, %zu did not, %zu could not be judged",
		present, present == 1 ? "submission" : "submissions", with[VERDICT_PASS],
		with[VERDICT_FAIL] + with[VERDICT_BLOCKED],
		with[VERDICT_INCONCLUSIVE] + with[VERDICT_ERROR]);
	if (class->absent > 0)
		buffer_print(page, "; %zu handed in nothing", class->absent);
	buffer_text(page, ".\n");
}

static void put_notes(struct buffer *page, const char *notes, size_t width)
{
	char *copy = text_copy(notes);
	char *rest = copy;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
		if (*line) {
			char *shown = text_line(line);
			style_paragraph(page, INDENT, width, shown);
			free(shown);
		}
	free(copy);
}

void terminal_write_class(FILE *stream, const struct class_text *class,
	const struct terminal_options *options)
{
	struct buffer page = {0};
	size_t width = name_width(class->results, class->count);

	if (class->count > 0) {
		buffer_own(&page, text_line(class->results[0]->lab_title));
		buffer_text(&page, "\n\n");
		put_unjudged(&page, class->results, class->count);
		put_columns(&page, class->results[0], width, options);
	}
	for (size_t i = 0; i < class->count; i++)
		put_row(&page, class->results[i], width, options);
	put_sum(&page, class);
	if (class->notes)
		put_notes(&page, class->notes,
			options->width ? options->width : COLUMNS_USUAL);
	put_notices(&page, class->results, class->count);
	if (options->report) {
		buffer_text(&page, "  Reports: ");
		buffer_own(&page, text_line(options->report));
		buffer_text(&page, "\n");
	}
	terminal_put(stream, &page, options);
}
