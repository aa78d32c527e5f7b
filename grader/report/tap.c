/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 16 << 10 };

/* In a description a '#' would begin a directive, and a backslash escapes. */
static void add_description(struct buffer *tap, const char *text)
{
	char *line = text_line(text);

	for (const char *next = line; *next; next++) {
		if (*next == '#' || *next == '\\')
			buffer_text(tap, "\\");
		buffer_add(tap, next, 1);
	}
	free(line);
}

/* A double-quoted JSON text is one in YAML, too. */
static void add_quoted(struct buffer *tap, const char *key, const char *text)
{
	if (!text || !*text)
		return;
	buffer_print(tap, "  %s: ", key);
	buffer_own(tap, json_print_line(json_seen(text)));
	buffer_text(tap, "\n");
}

static void add_diagnostic(struct buffer *tap, const struct result *result,
	const struct criterion_result *criterion)
{
	const struct source_place *place = digest_place(criterion);
	char *message = digest_message(result, criterion);
	char *body = digest_body(result, criterion, MOST_TEXT);

	buffer_text(tap, "  ---\n");
	add_quoted(tap, "message", message);
	add_quoted(
		tap, "severity", criterion->verdict == VERDICT_FAIL ? "fail" : "error");
	if (place) {
		char *path = digest_path(result, place->file);
		buffer_text(tap, "  at:\n  ");
		add_quoted(tap, "file", path);
		buffer_print(tap, "    line: %ld\n", place->line);
		free(path);
	}
	add_quoted(tap, "body", body);
	buffer_text(tap, "  ...\n");
	free(message);
	free(body);
}

static void add_criterion(struct buffer *tap, const struct result *result,
	const struct criterion_result *criterion, unsigned number)
{
	bool blocked = criterion->verdict == VERDICT_BLOCKED;
	bool passed = criterion->verdict == VERDICT_PASS;

	buffer_print(tap, "%sok %u - ", passed || blocked ? "" : "not ", number);
	add_description(tap, criterion->name);
	buffer_text(tap, ": ");
	add_description(tap, criterion->title);
	if (blocked) {
		char *message = digest_message(result, criterion);
		buffer_text(tap, " # SKIP ");
		add_description(tap, message);
		free(message);
	}
	buffer_text(tap, "\n");
	if (!passed && !blocked)
		add_diagnostic(tap, result, criterion);
}

char *format_tap(const struct result *result, const struct format_options *options,
	struct error *error)
{
	struct buffer tap = {0};
	unsigned number = 0;

	(void)error;
	buffer_text(&tap, "TAP version 13\n");
	buffer_print(&tap, "1..%u\n", tally_of(result, options->hidden).shown);
	if (result->notice) {
		buffer_text(&tap, "# ");
		buffer_own(&tap, text_line(result->notice));
		buffer_text(&tap, "\n");
	}
	for (size_t i = 0; i < result->criterion_count; i++)
		if (options->hidden || !result->criteria[i].hidden)
			add_criterion(&tap, result, &result->criteria[i], ++number);
	return buffer_take(&tap);
}
