/* SPDX-License-Identifier: MIT */
#include "report/github.h"

#include "base/buffer.h"
#include "base/text.h"
#include "report/digest.h"
#include "report/format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* The runner shows ten errors a step, and takes a summary of 1 MiB. */
enum { MOST_ANNOTATIONS = 10, MOST_BODY = 4096, MOST_SUMMARY = 1 << 20 };

static void add_property(struct buffer *line, const char *name, const char *value)
{
	buffer_print(line, "%s=", name);
	buffer_own(line, text_github_property(value));
}

static void add_annotation(struct buffer *commands, const struct result *result,
	const struct criterion_result *criterion)
{
	struct source_place place = digest_location(result, criterion);
	char *path = digest_path(result, place.file);
	char *body = digest_body(result, criterion, MOST_BODY);

	buffer_text(
		commands, criterion->verdict == VERDICT_FAIL ? "::error " : "::warning ");
	add_property(commands, "file", path);
	buffer_print(commands, ",line=%ld,", place.line);
	add_property(commands, "title", criterion->title);
	buffer_text(commands, "::");
	buffer_own(commands, text_github_data(body));
	buffer_text(commands, "\n");
	free(body);
	free(path);
}

static bool needs_annotation(const struct criterion_result *criterion, bool hidden)
{
	return (hidden || !criterion->hidden) && criterion->verdict != VERDICT_PASS &&
	       !criterion->blocked_by;
}

char *format_github(const struct result *result, const struct format_options *options,
	struct error *error)
{
	struct buffer commands = {0};
	size_t wanted = 0;
	size_t written = 0;

	(void)error;
	for (size_t i = 0; i < result->criterion_count; i++)
		wanted += needs_annotation(&result->criteria[i], options->hidden);
	size_t most = wanted > MOST_ANNOTATIONS ? MOST_ANNOTATIONS - 1 : wanted;
	for (size_t i = 0; i < result->criterion_count && written < most; i++) {
		if (!needs_annotation(&result->criteria[i], options->hidden))
			continue;
		add_annotation(&commands, result, &result->criteria[i]);
		written++;
	}
	if (wanted > most)
		buffer_print(&commands,
			"::error title=%zu more::The log shows %zu more.\n",
			wanted - most, wanted - most);
	/* There is room for ten of each kind. */
	if (result->notice) {
		buffer_text(&commands, "::warning title=Interlock::");
		buffer_own(&commands, text_github_data(result->notice));
		buffer_text(&commands, "\n");
	}
	return buffer_take(&commands);
}

static const char *sign_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return ":white_check_mark:";
	case VERDICT_FAIL:
		return ":x:";
	case VERDICT_BLOCKED:
		return ":heavy_minus_sign:";
	default:
		return ":warning:";
	}
}

static void add_row(struct buffer *page, const struct criterion_result *criterion)
{
	buffer_print(page, "| %s | ", sign_of(criterion->verdict));
	buffer_own(page, text_markdown(criterion->title));
	if (digest_judged(criterion))
		buffer_print(page, " | %ld / %ld |\n", criterion->points,
			criterion->max_points);
	else
		buffer_print(page, " | - / %ld |\n", criterion->max_points);
}

/* The empty lines matter: they make <pre> a block of its own, which lasts until </pre>,
 * through empty lines of a student's output. */
static void add_details(struct buffer *page, const struct result *result,
	const struct criterion_result *criterion, size_t most)
{
	char *story = digest_story(result, criterion, most);

	buffer_text(page, "\n<details open><summary>");
	buffer_own(page, text_html(criterion->title));
	buffer_text(page, "</summary>\n\n<pre>");
	buffer_own(page, text_html(story));
	buffer_text(page, "</pre>\n\n</details>\n");
	free(story);
}

static char *markdown_of(const struct result *result, bool hidden, size_t most)
{
	struct buffer page = {0};
	struct tally tally = tally_of(result, hidden);

	buffer_text(&page, "### ");
	buffer_own(&page, text_markdown(result->lab_title));
	buffer_print(&page, ": %ld of %ld points\n\n", tally.points, tally.max_points);
	buffer_text(&page, "| | Criterion | Points |\n|---|---|---|\n");
	for (size_t i = 0; i < result->criterion_count; i++)
		if (hidden || !result->criteria[i].hidden)
			add_row(&page, &result->criteria[i]);
	for (size_t i = 0; i < result->criterion_count; i++)
		if (needs_annotation(&result->criteria[i], hidden))
			add_details(&page, result, &result->criteria[i], most);
	if (result->notice) {
		buffer_text(&page, "\n> ");
		buffer_own(&page, text_markdown(result->notice));
		buffer_text(&page, "\n");
	}
	return buffer_take(&page);
}

char *format_markdown(const struct result *result, const struct format_options *options,
	struct error *error)
{
	size_t most = MOST_BODY;
	char *text = markdown_of(result, options->hidden, most);

	(void)error;
	while (strlen(text) > MOST_SUMMARY && most > 0) {
		free(text);
		most /= 2;
		text = markdown_of(result, options->hidden, most);
	}
	return text;
}

/* A word that no submission can know. */
static int draw_token(char token[33], struct error *error)
{
	unsigned char bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return error_system(error, "drawing a random number");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(token + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

static int append(const char *path, const char *text, struct error *error)
{
	int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	size_t length = strlen(text);

	if (file < 0)
		return error_system(error, "opening %s", path);
	ssize_t written = write(file, text, length);
	if (written >= 0 && (size_t)written < length)
		errno = ENOSPC;
	if (close(file) || written < 0 || (size_t)written < length)
		return error_system(error, "writing %s", path);
	return 0;
}

int github_write(FILE *stream, const struct result *result,
	const struct terminal_options *options, const char *summary, struct error *error)
{
	char token[33];
	struct format_options shown = {.hidden = options->hidden};

	if (draw_token(token, error))
		return -1;
	fprintf(stream, "::stop-commands::%s\n", token);
	terminal_write(stream, result, options);
	fprintf(stream, "::%s::\n", token);
	char *commands = format_github(result, &shown, error);
	fputs(commands, stream);
	free(commands);
	if (!summary)
		return 0;
	char *page = format_markdown(result, &shown, error);
	int outcome = append(summary, page, error);
	free(page);
	return outcome;
}
