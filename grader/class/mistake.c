/* SPDX-License-Identifier: MIT */
#include "class/mistake.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "report/digest.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TASKS = 26, MOST_BYTES = 2000 };

static bool is_word(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

/* How many bytes the number has that starts there, with its sign; 0: none does. */
static size_t number_length(const char *text, const char *start)
{
	const char *digits = text + (*text == '-');

	if ((text > start && is_word(text[-1])) || !isdigit((unsigned char)*digits))
		return 0;
	const char *end = digits;
	while (isalnum((unsigned char)*end) ||
		(*end == '.' && isdigit((unsigned char)end[1])))
		end++;
	return (size_t)(end - text);
}

char *mistake_words(const char *text)
{
	struct buffer words = {0};

	for (const char *at = text; *at;) {
		size_t length = number_length(at, text);
		buffer_add(&words, length > 0 ? "N" : at, 1);
		at += length > 0 ? length : 1;
	}
	return buffer_take(&words);
}

/* The tasks of a witness, called A, B and so on as they come; and what the one that runs has
 * done since it came. */
struct shape {
	struct buffer text;
	const char *tasks[MOST_TASKS];
	size_t count;
	const char *running;
	struct buffer turn; /* ", read x, write x" */
	const char *function;
};

static char letter_of(struct shape *shape, const char *task)
{
	for (size_t i = 0; i < shape->count; i++)
		if (strcmp(shape->tasks[i], task) == 0)
			return (char)('A' + i);
	if (shape->count == MOST_TASKS)
		return '?';
	shape->tasks[shape->count++] = task;
	return (char)('A' + shape->count - 1);
}

static void end_turn(struct shape *shape)
{
	if (shape->turn.length == 0)
		return;
	char *turn = buffer_take(&shape->turn);
	buffer_print(&shape->text, "%s%c: %s", shape->text.length > 0 ? "; " : "",
		letter_of(shape, shape->running), turn + 2);
	if (shape->function)
		buffer_print(&shape->text, " in %s", shape->function);
	free(turn);
}

/* "read balance = 460" is "read balance"; a step that the turn has already is another turn of
 * the same loop. */
static void add_step(struct shape *shape, const json_t *step)
{
	const char *task = json_string_value(json_object_get(step, "task"));
	const char *what = json_string_value(json_object_get(step, "what"));
	const char *function = json_string_value(
		json_object_get(json_object_get(step, "where"), "function"));

	if (!task || !what || !json_is_true(json_object_get(step, "shown")))
		return;
	bool same = shape->running && strcmp(shape->running, task) == 0 &&
		    strcmp(shape->function ? shape->function : "",
			    function ? function : "") == 0;
	if (!same)
		end_turn(shape);
	shape->running = task;
	shape->function = function;
	const char *value = strstr(what, " = ");
	char *bare =
		value ? text_format("%.*s", (int)(value - what), what) : text_copy(what);
	char *words = mistake_words(bare);
	char *part = text_format(", %s", words);
	if (shape->turn.length == 0 || !strstr(shape->turn.bytes, part))
		buffer_text(&shape->turn, part);
	free(part);
	free(words);
	free(bare);
}

char *mistake_shape(const char *schedule)
{
	json_error_t unread;
	json_t *root = json_loads(schedule, 0, &unread);
	const json_t *witness =
		json_object_get(json_object_get(root, "finding"), "witness");
	const json_t *steps = json_object_get(witness, "steps");
	struct shape shape = {0};

	for (size_t i = 0; i < json_array_size(steps); i++)
		add_step(&shape, json_array_get(steps, i));
	if (shape.running)
		end_turn(&shape);
	buffer_release(&shape.turn);
	json_decref(root);
	char *text = buffer_take(&shape.text);
	if (strlen(text) > MOST_BYTES)
		text[MOST_BYTES] = '\0';
	return text;
}

char *mistake_of(const struct criterion_result *criterion)
{
	const struct evidence *evidence =
		criterion->verdict == VERDICT_FAIL ? digest_evidence(criterion) : NULL;

	if (!evidence)
		return text_copy("");
	char *words = mistake_words(evidence->reason);
	char *shape = mistake_shape(evidence->schedule ? evidence->schedule : "");
	char *mistake = text_format("%s%s%s", words, *shape ? " " : "", shape);
	free(shape);
	free(words);
	return mistake;
}
