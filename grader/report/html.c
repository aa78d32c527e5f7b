/* SPDX-License-Identifier: MIT */
/* The page of one submission: the criteria and their points, what was found and why, each with
 * its witness, and the source. */
#include "report/format.h"

#include "base/memory.h"
#include "base/text.h"
#include "ladder/ladder.h"
#include "report/digest.h"
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 16384, POINTED_MOST = 64 };

static bool is_shown(
	const struct criterion_result *criterion, const struct format_options *options)
{
	return options->hidden || !criterion->hidden;
}

static void put_points(xmlTextWriterPtr page, const struct criterion_result *criterion)
{
	markup_open(page, "span", "class", "points", NULL);
	if (digest_judged(criterion))
		markup_print(page, "%ld of %ld points", criterion->points,
			criterion->max_points);
	else
		markup_print(page, "%ld points, not counted", criterion->max_points);
	markup_close(page);
}

static void put_link(xmlTextWriterPtr page, const struct criterion_result *criterion)
{
	markup_open(page, "a", NULL);
	markup_attribute(page, "href", "#%s", criterion->name);
	markup_text(page, criterion->title);
	markup_close(page);
}

static void put_contents(xmlTextWriterPtr page, const struct result *result,
	const struct format_options *options)
{
	markup_open(page, "nav", "aria-label", "Criteria", NULL);
	markup_open(page, "ul", "class", "contents", NULL);
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (!is_shown(criterion, options))
			continue;
		markup_open(page, "li", NULL);
		page_verdict(page, "span", criterion->verdict);
		put_link(page, criterion);
		put_points(page, criterion);
		markup_close(page);
	}
	markup_close(page);
	markup_close(page);
}

static void put_fact(xmlTextWriterPtr page, const char *what, const char *text)
{
	if (!text || !*text)
		return;
	markup_element(page, "dt", NULL, what);
	markup_element(page, "dd", NULL, text);
}

static void put_command(xmlTextWriterPtr page, const char *command)
{
	if (!command)
		return;
	markup_element(page, "h3", NULL, "See it again");
	markup_open(page, "div", "class", "command", NULL);
	markup_element(page, "code", NULL, command);
	markup_close(page);
}

static void put_place(xmlTextWriterPtr page, const struct result *result,
	const struct criterion_result *criterion)
{
	const struct source_place *place = digest_place(criterion);

	if (!place)
		return;
	markup_element(page, "dt", NULL, "where");
	markup_open(page, "dd", NULL);
	markup_open(page, "a", NULL);
	if (digest_source(result, place->file))
		markup_attribute(page, "href", "#%s-%ld", place->file, place->line);
	markup_print(page, "%s, line %ld", place->file, place->line);
	markup_close(page);
	if (place->function)
		markup_print(page, ", in %s", place->function);
	markup_close(page);
}

static void put_runs(xmlTextWriterPtr page, const struct evidence *evidence)
{
	if (evidence->runs <= 1)
		return;
	markup_element(page, "dt", NULL, "runs");
	markup_open(page, "dd", NULL);
	if (evidence->failures > 0)
		markup_print(
			page, "%ld of %ld failed", evidence->failures, evidence->runs);
	else
		markup_print(page, "%ld", evidence->runs);
	markup_close(page);
}

/* In words for people that do not know the stages. */
static const char *stage_words(enum stage stage)
{
	static const char *const words[STAGE_COUNT] = {
		[STAGE_BUILD] = "build: the files were compiled",
		[STAGE_STRESS] = "stress: the program was run many times",
		[STAGE_EXPLORE] = "explore: one step at a time, through many schedules",
		[STAGE_HELGRIND] =
			"helgrind: the same code with threads, watched for races",
	};

	return words[stage];
}

static void put_evidence(xmlTextWriterPtr page, const struct result *result,
	const struct criterion_result *criterion, const struct evidence *evidence)
{
	struct ladder *ladder = digest_ladder(criterion);

	markup_open(page, "dl", "class", "facts", NULL);
	put_fact(page, "expected", evidence->expected);
	put_fact(page, "actual", evidence->actual);
	put_place(page, result, criterion);
	put_fact(page, "seen by", stage_words(evidence->stage));
	put_runs(page, evidence);
	put_fact(page, "covered", evidence->coverage);
	markup_close(page);
	if (ladder) {
		page_witness(page, ladder, criterion->name);
	} else if (evidence->detail && *evidence->detail) {
		char *detail = text_cut(evidence->detail, MOST_LINES);
		page_lines(page, "Details", detail);
		free(detail);
	}
	ladder_free(ladder);
	if (evidence->output && *evidence->output) {
		char *output = text_cut(evidence->output, MOST_LINES);
		markup_element(page, "h3", NULL, "What the program printed");
		page_lines(page, "Output", output);
		free(output);
	}
	char *command = digest_reproduce(result, evidence);
	put_command(page, command);
	free(command);
}

/* What other stages saw. */
static void put_notes(xmlTextWriterPtr page, const struct criterion_result *criterion)
{
	const struct evidence *shown = digest_evidence(criterion);

	for (size_t i = 0; i < criterion->evidence_count; i++) {
		const struct evidence *evidence = &criterion->evidence[i];
		if (evidence == shown || (evidence->verdict != VERDICT_FAIL &&
						 criterion->verdict != VERDICT_PASS))
			continue;
		markup_open(page, "p", "class", "faint", NULL);
		markup_print(page, "%s: %s%s", stage_name(evidence->stage),
			evidence->reason,
			evidence->decides ? "" : " (This does not count.)");
		if (evidence->coverage)
			markup_print(page, " %s", evidence->coverage);
		markup_close(page);
	}
}

static void put_title(xmlTextWriterPtr page, const char *element,
	const struct criterion_result *criterion)
{
	markup_open(page, element, NULL);
	markup_attribute(page, "id", "%s-title", criterion->name);
	markup_print(
		page, "%s%s", criterion->title, criterion->hidden ? " (hidden)" : "");
	markup_close(page);
}

static void put_criterion(xmlTextWriterPtr page, const struct result *result,
	const struct criterion_result *criterion)
{
	const struct evidence *evidence = digest_evidence(criterion);
	char *message = digest_message(result, criterion);

	markup_open(page, "section", "class", "criterion", "id", criterion->name, NULL);
	markup_attribute(page, "aria-labelledby", "%s-title", criterion->name);
	markup_open(page, "header", NULL);
	put_title(page, "h2", criterion);
	put_points(page, criterion);
	markup_close(page);
	page_verdict(page, "span", criterion->verdict);
	if (*message)
		markup_element(page, "p", "reason", message);
	if (evidence)
		put_evidence(page, result, criterion, evidence);
	put_notes(page, criterion);
	if (criterion->verdict == VERDICT_FAIL && criterion->hint) {
		markup_open(page, "p", "class", "hint", NULL);
		markup_element(page, "strong", NULL, "A question to think about: ");
		markup_text(page, criterion->hint);
		markup_close(page);
	}
	markup_close(page);
	free(message);
}

/* Criteria of which little is to be said: those that were passed, or not judged for want of
 * another. */
static void put_others(xmlTextWriterPtr page, const struct result *result,
	const struct format_options *options)
{
	markup_element(page, "h2", NULL, "The other criteria");
	markup_open(page, "ul", "class", "brief", NULL);
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (!is_shown(criterion, options) || digest_evidence(criterion))
			continue;
		char *message = digest_message(result, criterion);
		markup_open(page, "li", "id", criterion->name, NULL);
		markup_open(page, "header", NULL);
		put_title(page, "h3", criterion);
		page_verdict(page, "span", criterion->verdict);
		put_points(page, criterion);
		markup_close(page);
		if (*message)
			markup_element(page, "p", NULL, message);
		put_notes(page, criterion);
		markup_close(page);
		free(message);
	}
	markup_close(page);
}

/* The lines of the file that something is said of. */
static size_t find_pointed(const struct result *result, const char *file,
	const struct format_options *options, long pointed[POINTED_MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < result->criterion_count && count < POINTED_MOST; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (!is_shown(criterion, options) || !digest_evidence(criterion))
			continue;
		struct source_place place = digest_location(result, criterion);
		if (place.file && strcmp(place.file, file) == 0)
			pointed[count++] = place.line;
	}
	return count;
}

static void put_sources(xmlTextWriterPtr page, const struct result *result,
	const struct format_options *options)
{
	long pointed[POINTED_MOST];

	if (!result->file_count)
		return;
	markup_open(page, "section", "aria-labelledby", "sources", NULL);
	markup_open(page, "h2", "id", "sources", NULL);
	markup_text(page, "What was submitted");
	markup_close(page);
	for (size_t i = 0; i < result->file_count; i++) {
		const struct submitted_file *file = &result->files[i];
		if (!file->text) {
			markup_open(page, "p", NULL);
			markup_print(page, "%s (%lld bytes)", file->name, file->bytes);
			markup_close(page);
			continue;
		}
		size_t count = find_pointed(result, file->name, options, pointed);
		page_source(page, file->name, file->text, pointed, count);
	}
	markup_close(page);
}

static void put_header(xmlTextWriterPtr page, const struct result *result,
	const struct format_options *options)
{
	struct tally tally = tally_of(result, options->hidden);
	unsigned unjudged =
		tally.count[VERDICT_INCONCLUSIVE] + tally.count[VERDICT_ERROR];
	size_t left_out = result->criterion_count - tally.shown;

	markup_open(page, "header", NULL);
	markup_open(page, "h1", NULL);
	markup_print(page, "%s: ", result->lab_title);
	markup_line(page, result->submission);
	markup_close(page);
	markup_open(page, "p", "class", "score", NULL);
	markup_print(page, "%ld of %ld points", tally.points, tally.max_points);
	markup_close(page);
	if (left_out) {
		markup_open(page, "p", NULL);
		markup_print(page, "%zu hidden %s not shown.", left_out,
			left_out == 1 ? "criterion is" : "criteria are");
		markup_close(page);
	}
	if (unjudged)
		markup_element(page, "p", "notice",
			"What could not be judged is the grader's failure: it counts "
			"neither "
			"for nor against you.");
	if (result->notice)
		markup_element(page, "p", "notice", result->notice);
	markup_close(page);
}

/* When and with what, for whoever asks. */
static void put_footer(xmlTextWriterPtr page, const struct result *result)
{
	markup_open(page, "footer", NULL);
	markup_open(page, "p", "class", "faint", NULL);
	markup_print(page, "Graded %s", result->started);
	if (result->toolchain)
		markup_print(page, " with %s", result->toolchain);
	markup_print(page, "; inputs drawn from seed %s.", result->seed);
	markup_close(page);
	markup_close(page);
}

char *format_html(const struct result *result, const struct format_options *options,
	struct error *error)
{
	struct buffer text = {0};
	char *name = text_line(result->submission);
	char *title = text_format("%s: %s", result->lab_title, name);
	xmlTextWriterPtr page = page_open(&text, title, page_script);

	(void)error;
	put_header(page, result, options);
	markup_open(page, "main", "id", "main", NULL);
	put_contents(page, result, options);
	for (size_t i = 0; i < result->criterion_count; i++)
		if (is_shown(&result->criteria[i], options) &&
			digest_evidence(&result->criteria[i]))
			put_criterion(page, result, &result->criteria[i]);
	put_others(page, result, options);
	put_sources(page, result, options);
	markup_close(page);
	put_footer(page, result);
	page_close(page);
	free(title);
	free(name);
	return buffer_take(&text);
}
