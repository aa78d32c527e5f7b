/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/text.h"
#include "report/digest.h"

#include <stdlib.h>

#define RATIO "\xE2\x88\xB6" /* U+2236, looks like a colon */

/* Autolab rewrites every word that a colon follows, within strings, too. */
static json_t *without_colons(const char *text)
{
	struct buffer safe = {0};
	char *line = text_line(text);

	for (const char *next = line; *next; next++) {
		if (*next == ':')
			buffer_text(&safe, RATIO);
		else
			buffer_add(&safe, next, 1);
	}
	free(line);
	char *text_without = buffer_take(&safe);
	json_t *value = json_text(text_without);
	free(text_without);
	return value;
}

static json_t *feedback_of(
	const struct result *result, const struct criterion_result *criterion)
{
	json_t *test = json_require(json_object());
	char *message = digest_message(result, criterion);

	json_put(test, "passed",
		json_require(json_boolean(criterion->verdict == VERDICT_PASS)));
	if (*message)
		json_put(test, "hint", without_colons(message));
	free(message);
	return test;
}

/* Names of criteria are plain words in lab.yaml, but a result file may hold any text. */
static void put_named(json_t *object, const char *name, json_t *value)
{
	json_t *key = without_colons(name);

	json_put(object, json_string_value(key), value);
	json_decref(key);
}

/* A stage of its own, in which nothing is the student's. */
static json_t *notice_of(const struct result *result)
{
	json_t *tests = json_require(json_object());
	json_t *notice = json_require(json_object());

	json_put(notice, "passed", json_require(json_false()));
	json_put(notice, "hint", without_colons(result->notice));
	json_put(tests, "Notice", notice);
	return tests;
}

static char *presentation(const struct result *result, bool hidden)
{
	static const char stage[] = "Criteria";
	static const char grader[] = "Grader";
	json_t *line = json_require(json_object());
	json_t *stages = json_require(json_array());
	json_t *tests = json_require(json_object());

	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (hidden || !criterion->hidden)
			put_named(
				tests, criterion->title, feedback_of(result, criterion));
	}
	json_push(stages, json_text(stage));
	json_put(line, "_presentation", json_text("semantic"));
	json_put(line, "stages", stages);
	json_put(line, stage, tests);
	if (result->notice) {
		json_push(stages, json_text(grader));
		json_put(line, grader, notice_of(result));
	}
	return json_print_line(line);
}

static char *scores(const struct result *result)
{
	json_t *line = json_require(json_object());
	json_t *points = json_require(json_object());
	json_t *board = json_require(json_array());

	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (digest_judged(criterion))
			put_named(points, criterion->name,
				json_require(json_integer(criterion->points)));
	}
	json_push(board, json_require(json_integer(result->points)));
	json_put(line, "scores", points);
	json_put(line, "scoreboard", board);
	return json_print_line(line);
}

char *format_autolab(const struct result *result, const struct format_options *options,
	struct error *error)
{
	struct buffer lines = {0};

	(void)error;
	buffer_own(&lines, presentation(result, options->hidden));
	buffer_text(&lines, "\n");
	buffer_own(&lines, scores(result));
	buffer_text(&lines, "\n");
	return buffer_take(&lines);
}
