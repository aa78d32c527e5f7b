/* SPDX-License-Identifier: MIT */
#include "class/mistake.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "report/digest.h"

#include <ctype.h>
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
	uint32_t tasks[MOST_TASKS];
	size_t count;
	const struct rung *last; /* of the turn; NULL at the start */
	struct buffer turn;	 /* ", read x, write x" */
};

static char letter_of(struct shape *shape, uint32_t task)
{
	for (size_t i = 0; i < shape->count; i++)
		if (shape->tasks[i] == task)
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
		letter_of(shape, shape->last->task), turn + 2);
	if (shape->last->function)
		buffer_print(&shape->text, " in %s", shape->last->function);
	free(turn);
}

static bool same_turn(const struct rung *one, const struct rung *other)
{
	return one->task == other->task &&
	       strcmp(one->function ? one->function : "",
		       other->function ? other->function : "") == 0;
}

/* A step that the turn has already is another turn of the same loop. */
static void add_step(struct shape *shape, const struct rung *rung)
{
	char *words = mistake_words(rung->deed ? rung->deed : rung_kind_name(rung->kind));
	char *part = text_format(", %s", words);

	if (shape->last && !same_turn(shape->last, rung))
		end_turn(shape);
	shape->last = rung;
	if (shape->turn.length == 0 || !strstr(shape->turn.bytes, part))
		buffer_text(&shape->turn, part);
	free(part);
	free(words);
}

char *mistake_shape(const struct ladder *ladder)
{
	struct shape shape = {0};

	for (uint32_t i = 0; ladder && i < ladder->rung_count; i++)
		if (ladder->rungs[i].kind != RUNG_LOOP &&
			ladder->rungs[i].kind != RUNG_FOLD)
			add_step(&shape, &ladder->rungs[i]);
	if (shape.last)
		end_turn(&shape);
	buffer_release(&shape.turn);
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
	struct ladder *ladder = digest_ladder(criterion);
	char *shape = mistake_shape(ladder);
	char *mistake = text_format("%s%s%s", words, *shape ? " " : "", shape);
	ladder_free(ladder);
	free(shape);
	free(words);
	return mistake;
}
