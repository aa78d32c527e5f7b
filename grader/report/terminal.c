/* SPDX-License-Identifier: MIT */
#include "report/terminal.h"

#include "base/buffer.h"
#include "base/columns.h"
#include "base/memory.h"
#include "base/screen.h"
#include "base/text.h"
#include "ladder/ladder.h"
#include "report/digest.h"
#include "report/quote.h"
#include "report/style.h"

#include <stdlib.h>
#include <string.h>

enum {
	POINTS_WIDTH = 10, /* a blank and 100 / 100 */
	NAME_COLUMN = 4,
	LEAST_NAME = 12,
	MOST_NAME = 32,
	BODY_COLUMN = 6,
	FACT_COLUMN = 17,
	MOST_DETAIL = 32768,
	MOST_DETAIL_LINES = 40,
	MOST_OUTPUT_LINES = 10,
};

struct terminal_options terminal_options_of(FILE *stream)
{
	struct screen screen = screen_of(fileno(stream));

	return (struct terminal_options){.colour = screen.colour,
		.ascii = screen.ascii,
		.width = columns_of(stream)};
}

void terminal_put(
	FILE *stream, struct buffer *page, const struct terminal_options *options)
{
	char *text = buffer_take(page);

	if (options->ascii)
		style_ascii(text);
	fputs(text, stream);
	free(text);
}

/* "what" in the left column, the text wrapped in the right one. Nothing for no text. */
static void put_fact(
	struct buffer *page, size_t width, const char *what, const char *text)
{
	if (!text || !*text)
		return;
	buffer_repeat(page, ' ', BODY_COLUMN);
	buffer_text(page, what);
	style_fill(page, BODY_COLUMN + strlen(what), FACT_COLUMN);
	style_wrap(page, FACT_COLUMN, width, text);
}

/* A command that is too long goes on behind a backslash, so that it can be copied. */
static void put_command(
	struct buffer *page, size_t width, const char *what, const char *command)
{
	if (!command || !*command)
		return;
	buffer_repeat(page, ' ', BODY_COLUMN);
	buffer_text(page, what);
	style_fill(page, BODY_COLUMN + strlen(what), FACT_COLUMN);
	char *line = text_line(command);
	style_command(page, FACT_COLUMN, width, line);
	free(line);
}

static void put_place(struct buffer *page, const struct source_place *place,
	const struct terminal_options *options)
{
	struct buffer where = {0};

	if (!place)
		return;
	buffer_print(&where, "%s:%ld", place->file, place->line);
	if (place->function)
		buffer_print(&where, ", in %s", place->function);
	char *text = buffer_take(&where);
	put_fact(page, options->width, "at", text);
	free(text);
	char *quoted = quote_line(options->sources, place);
	if (quoted) {
		buffer_repeat(page, ' ', FACT_COLUMN);
		buffer_print(page, "%ld | ", place->line);
		buffer_own(page, text_line(quoted));
		buffer_text(page, "\n");
	}
	free(quoted);
}

/* Lines as they are, below the facts: a ladder of steps, diagnostics, output. */
static void put_lines(
	struct buffer *page, const char *what, const char *text, size_t most)
{
	if (!text || !*text)
		return;
	buffer_repeat(page, ' ', BODY_COLUMN);
	buffer_print(page, "%s:\n", what);
	char *cut = text_cut(text, MOST_DETAIL);
	style_indent(page, BODY_COLUMN + 2, most, cut);
	free(cut);
}

static void put_runs(struct buffer *page, size_t width, const struct evidence *evidence)
{
	char *text = NULL;

	if (evidence->runs <= 1)
		return;
	text = evidence->failures > 0 ? text_format("%ld of %ld runs failed",
						evidence->failures, evidence->runs)
				      : text_format("%ld runs", evidence->runs);
	put_fact(page, width, "runs", text);
	free(text);
}

/* A witness is drawn for the width that there is. */
static void put_detail(struct buffer *page, size_t width, const struct evidence *evidence)
{
	struct ladder *ladder = ladder_parse(evidence->ladder);

	if (!ladder) {
		put_lines(page, "detail", evidence->detail, MOST_DETAIL_LINES);
		return;
	}
	buffer_repeat(page, ' ', BODY_COLUMN);
	buffer_text(page, "detail:\n");
	ladder_said_text(page, ladder, BODY_COLUMN + 2, width);
	if (*ladder->said && ladder->rung_count)
		buffer_text(page, "\n");
	if (ladder->rung_count)
		ladder_text(page, ladder, BODY_COLUMN + 2, width);
	ladder_free(ladder);
}

/* Everything that speaks for the verdict. */
static void put_evidence(struct buffer *page, const struct criterion_result *criterion,
	const struct terminal_options *options)
{
	const struct evidence *evidence = digest_evidence(criterion);

	if (!evidence)
		return;
	put_fact(page, options->width, "expected", evidence->expected);
	put_fact(page, options->width, "actual", evidence->actual);
	put_place(page, digest_place(criterion), options);
	put_runs(page, options->width, evidence);
	put_fact(page, options->width, "covered", evidence->coverage);
	put_detail(page, options->width, evidence);
	put_lines(page, "output", evidence->output, MOST_OUTPUT_LINES);
	put_command(page, options->width, "reproduce", evidence->reproduce);
}

/* What else was seen: other stages that failed, and those that do not decide. */
static void put_notes(
	struct buffer *page, size_t width, const struct criterion_result *criterion)
{
	const struct evidence *shown = digest_evidence(criterion);

	for (size_t i = 0; i < criterion->evidence_count; i++) {
		const struct evidence *evidence = &criterion->evidence[i];
		if (evidence == shown || evidence->verdict != VERDICT_FAIL)
			continue;
		char *note = text_format("%s: %s%s", stage_name(evidence->stage),
			evidence->reason,
			evidence->decides ? "" : " (This does not count.)");
		put_fact(page, width, evidence->decides ? "also" : "note", note);
		free(note);
	}
}

/* The column at which titles start: behind the longest name. */
static size_t title_column(
	const struct result *result, const struct terminal_options *options)
{
	size_t longest = LEAST_NAME;

	for (size_t i = 0; i < result->criterion_count; i++) {
		size_t columns = text_columns(result->criteria[i].name);
		if (columns > longest && columns <= MOST_NAME &&
			(options->hidden || !result->criteria[i].hidden))
			longest = columns;
	}
	return NAME_COLUMN + longest + 2;
}

/* The name and behind it the title, in lines that leave room for the points. */
static char *heading_of(
	const struct criterion_result *criterion, size_t title, size_t width)
{
	struct buffer heading = {0};
	size_t columns = NAME_COLUMN + text_columns(criterion->name);
	char *text = text_format(
		"%s%s", criterion->title, criterion->hidden ? " (hidden)" : "");

	buffer_text(&heading, criterion->name);
	style_fill(&heading, columns, title);
	style_wrap(&heading, columns < title ? title : columns + 1, width - POINTS_WIDTH,
		text);
	free(text);
	return buffer_take(&heading);
}

static char *points_of(const struct criterion_result *criterion)
{
	if (!digest_judged(criterion))
		return text_format("- / %ld", criterion->max_points);
	return text_format("%ld / %ld", criterion->points, criterion->max_points);
}

static void put_heading(struct buffer *page, const struct criterion_result *criterion,
	size_t title, const struct terminal_options *options)
{
	char *points = points_of(criterion);
	char *heading = heading_of(criterion, title, options->width);
	char *rest = heading;
	char *line = strsep(&rest, "\n");

	buffer_text(page, "  ");
	style_mark(page, criterion->verdict, options->colour);
	buffer_text(page, " ");
	style_emphasis(page, line, criterion->verdict, options->colour);
	style_fill(
		page, NAME_COLUMN + text_columns(line), options->width - strlen(points));
	buffer_own(page, points);
	buffer_text(page, "\n");
	while ((line = strsep(&rest, "\n")) && *line) {
		style_emphasis(page, line, criterion->verdict, options->colour);
		buffer_text(page, "\n");
	}
	free(heading);
}

static void put_criterion(struct buffer *page, const struct result *result,
	const struct criterion_result *criterion, const struct terminal_options *options)
{
	char *message = digest_message(result, criterion);

	put_heading(page, criterion, title_column(result, options), options);
	if (*message) {
		buffer_repeat(page, ' ', BODY_COLUMN);
		style_wrap(page, BODY_COLUMN, options->width, message);
	}
	put_evidence(page, criterion, options);
	put_notes(page, options->width, criterion);
	if (criterion->verdict == VERDICT_FAIL)
		put_fact(page, options->width, "hint", criterion->hint);
	free(message);
}

static void put_title(struct buffer *page, const struct result *result, size_t width)
{
	char *title = text_line(result->lab_title);
	char *name = text_line(result->submission);
	size_t columns = text_columns(name);

	buffer_text(page, title);
	style_fill(page, text_columns(title), columns < width ? width - columns : 0);
	buffer_print(page, "%s\n\n", name);
	free(title);
	free(name);
}

static void put_total(struct buffer *page, const struct result *result,
	const struct terminal_options *options)
{
	struct tally tally = tally_of(result, options->hidden);
	unsigned unjudged =
		tally.count[VERDICT_INCONCLUSIVE] + tally.count[VERDICT_ERROR];
	size_t left_out = result->criterion_count - tally.shown;

	buffer_print(page, "  %ld of %ld points", tally.points, tally.max_points);
	if (tally.count[VERDICT_FAIL] + tally.count[VERDICT_BLOCKED] + unjudged == 0)
		buffer_text(page, "; every criterion was passed");
	buffer_text(page, ".\n");
	if (unjudged)
		style_paragraph(page, 2, options->width,
			"What could not be judged is the grader's failure: it counts "
			"neither for nor against you.");
	if (left_out)
		buffer_print(page, "  %zu hidden %s not shown.\n", left_out,
			left_out == 1 ? "criterion is" : "criteria are");
	if (result->notice)
		style_paragraph(page, 2, options->width, result->notice);
	if (options->report) {
		buffer_text(page, "  Report: ");
		buffer_own(page, text_line(options->report));
		buffer_text(page, "\n");
	}
}

/* Whether so much is said of the criterion that it stands between empty lines. */
static bool is_block(const struct criterion_result *criterion)
{
	return digest_evidence(criterion) != NULL;
}

void terminal_write(
	FILE *stream, const struct result *result, const struct terminal_options *wanted)
{
	struct terminal_options with_width = *wanted;
	const struct terminal_options *options = &with_width;
	struct buffer page = {0};
	bool gap = true; /* an empty line was just written */

	if (!with_width.width)
		with_width.width = COLUMNS_USUAL;
	put_title(&page, result, options->width);
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (criterion->hidden && !options->hidden)
			continue;
		if (is_block(criterion) && !gap)
			buffer_text(&page, "\n");
		put_criterion(&page, result, criterion, options);
		gap = is_block(criterion);
		if (gap)
			buffer_text(&page, "\n");
	}
	if (!gap)
		buffer_text(&page, "\n");
	put_total(&page, result, options);
	terminal_put(stream, &page, options);
}
