/* SPDX-License-Identifier: MIT */
/*
 * The ladder for a terminal: a column for each task where three of them fit, else the task's
 * name before its step. The place in the source stands left, where it has one width.
 */
#include "base/text.h"
#include "base/memory.h"
#include "ladder/ladder.h"

#include <stdlib.h>
#include <string.h>

enum { STEP_WIDTH = 4, GAP = 2, COLUMNS_MOST = 3 };

struct drawing {
	struct buffer *page;
	const struct ladder *ladder;
	size_t indent, width;
	size_t place_width;
	size_t start;		    /* the column of the first task */
	size_t task_width;	    /* of the longest name */
	size_t cells[COLUMNS_MOST]; /* widths; all 0: no columns */
	bool columns;
	bool one_file; /* the head names it, and lines stand alone */
};

static void fill(struct buffer *page, size_t from, size_t to)
{
	buffer_repeat(page, ' ', to > from ? to - from : 0);
}

/* The bytes of the first word, and the blanks before it. */
static size_t next_word(const char *text, size_t *blanks)
{
	*blanks = strspn(text, " ");
	return strcspn(text + *blanks, " ");
}

/* A word that is longer than the line is broken. */
static void put_word(struct drawing *drawing, const char *word, size_t length,
	size_t from, size_t *column)
{
	for (size_t i = 0; i < length;) {
		size_t bytes = 1;
		while (i + bytes < length &&
			((unsigned char)word[i + bytes] & 0xc0) == 0x80)
			bytes++;
		if (*column >= drawing->width) {
			buffer_text(drawing->page, "\n");
			buffer_repeat(drawing->page, ' ', from);
			*column = from;
		}
		buffer_add(drawing->page, word + i, bytes);
		i += bytes;
		++*column;
	}
}

/* The page is at `column`; further lines begin at `from`. Returns the column at the end. */
static size_t wrap(struct drawing *drawing, size_t column, size_t from, const char *text)
{
	size_t blanks, start = column;

	for (size_t length; (length = next_word(text, &blanks));
		text += blanks + length) {
		char *word = text_format("%.*s", (int)length, text + blanks);
		size_t columns = text_columns(word);
		free(word);
		if (column > start && column + 1 + columns > drawing->width) {
			buffer_text(drawing->page, "\n");
			buffer_repeat(drawing->page, ' ', from);
			column = start = from;
		} else if (column > start) {
			buffer_text(drawing->page, " ");
			column++;
		}
		put_word(drawing, text + blanks, length, from, &column);
	}
	return column;
}

static char *place_words(const struct drawing *drawing, const struct rung *rung)
{
	if (!rung->file || rung->line < 1)
		return text_copy("");
	if (drawing->one_file)
		return text_format("%ld", rung->line);
	return text_format("%s:%ld", rung->file, rung->line);
}

static const char *only_file(const struct ladder *ladder)
{
	const char *file = NULL;

	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		const char *this = ladder->rungs[i].file;
		if (this && file && strcmp(this, file) != 0)
			return NULL;
		file = this ? this : file;
	}
	return file;
}

static bool has_cell(const struct rung *rung)
{
	return rung->kind != RUNG_FOLD && rung->kind != RUNG_LOOP;
}

static void measure(struct drawing *drawing)
{
	const struct ladder *ladder = drawing->ladder;
	size_t all = 0;

	drawing->one_file = only_file(ladder) != NULL;
	drawing->place_width = drawing->one_file ? strlen("line") : 0;
	for (uint32_t i = 0; i < ladder->task_count; i++) {
		size_t width = text_columns(ladder->tasks[i].name);
		drawing->task_width =
			width > drawing->task_width ? width : drawing->task_width;
	}
	for (size_t i = 0; i < COLUMNS_MOST; i++)
		drawing->cells[i] =
			i < ladder->task_count ? drawing->task_width + GAP : 0;
	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		char *place = place_words(drawing, rung);
		size_t width = text_columns(place);
		drawing->place_width =
			width > drawing->place_width ? width : drawing->place_width;
		free(place);
		if (!has_cell(rung) || rung->task >= COLUMNS_MOST)
			continue;
		char *words = rung_words(rung);
		width = text_columns(words) + GAP;
		size_t *cell = &drawing->cells[rung->task];
		*cell = width > *cell ? width : *cell;
		free(words);
	}
	for (size_t i = 0; i < COLUMNS_MOST; i++)
		all += drawing->cells[i];
	drawing->start = drawing->indent + STEP_WIDTH + GAP + drawing->place_width + GAP;
	drawing->columns = ladder->task_count <= COLUMNS_MOST &&
			   drawing->start + all - GAP <= drawing->width;
}

static void put_head(struct drawing *drawing)
{
	const struct ladder *ladder = drawing->ladder;
	struct buffer *page = drawing->page;
	const char *file = only_file(ladder);

	buffer_repeat(page, ' ', drawing->indent);
	buffer_print(page, "witness: %u preemption%s%s, ", ladder->preemptions,
		ladder->preemptions == 1 ? "" : "s",
		ladder->fewest ? " (none has fewer)" : "");
	if (!ladder->rung_count) {
		buffer_text(page, "no steps to show\n");
		return;
	}
	buffer_print(page, "%u step%s", ladder->steps, ladder->steps == 1 ? "" : "s");
	buffer_print(page, "%s%s\n\n", file ? ", in " : "", file ? file : "");
	buffer_repeat(page, ' ', drawing->indent);
	buffer_text(page, "step  ");
	size_t column = drawing->indent + STEP_WIDTH + GAP;
	if (drawing->one_file)
		buffer_text(page, "line");
	if (drawing->columns) {
		column += drawing->one_file ? strlen("line") : 0;
		fill(page, column, drawing->start);
		for (uint32_t i = 0; i < ladder->task_count; i++) {
			buffer_text(page, ladder->tasks[i].name);
			if (i + 1 < ladder->task_count)
				fill(page, text_columns(ladder->tasks[i].name),
					drawing->cells[i]);
		}
	} else if (!drawing->one_file) {
		buffer_text(page, "place");
	}
	while (page->length && page->bytes[page->length - 1] == ' ')
		page->bytes[--page->length] = '\0';
	buffer_text(page, "\n");
}

/* What stands behind the step if there is room, else below. */
static size_t put_mark(struct drawing *drawing, size_t column, const char *mark)
{
	size_t from = drawing->start + GAP;

	if (column + GAP + text_columns(mark) <= drawing->width) {
		buffer_repeat(drawing->page, ' ', GAP);
		buffer_text(drawing->page, mark);
		return column + GAP + text_columns(mark);
	}
	buffer_text(drawing->page, "\n");
	buffer_repeat(drawing->page, ' ', drawing->start);
	return wrap(drawing, drawing->start, from, mark);
}

static void put_marks(struct drawing *drawing, const struct rung *rung, size_t column)
{
	if (rung->early)
		column = put_mark(drawing, column, "<- its time is up");
	else if (rung->preempts)
		column = put_mark(drawing, column, "<- preemption");
	if (rung->note) {
		char *mark = text_format("<- %s", rung->note);
		put_mark(drawing, column, mark);
		free(mark);
	}
	buffer_text(drawing->page, "\n");
}

static void put_step(struct drawing *drawing, const struct rung *rung)
{
	struct buffer *page = drawing->page;
	char *place = place_words(drawing, rung);

	buffer_repeat(page, ' ', drawing->indent);
	if (rung->number)
		buffer_print(page, "%*u", STEP_WIDTH, rung->number);
	else
		buffer_print(page, "%*s", STEP_WIDTH, "end");
	buffer_repeat(page, ' ', GAP);
	if (drawing->one_file)
		fill(page, text_columns(place), drawing->place_width);
	buffer_text(page, place);
	if (!drawing->one_file)
		fill(page, text_columns(place), drawing->place_width);
	buffer_repeat(page, ' ', GAP);
	free(place);
}

static void put_rung(struct drawing *drawing, const struct rung *rung)
{
	char *words = rung_words(rung);
	size_t column = drawing->start;

	put_step(drawing, rung);
	if (drawing->columns) {
		for (uint32_t i = 0; i < rung->task; i++) {
			buffer_text(drawing->page, "|");
			fill(drawing->page, 1, drawing->cells[i]);
			column += drawing->cells[i];
		}
		buffer_text(drawing->page, words);
		column += text_columns(words);
		for (uint32_t i = rung->task + 1; i < drawing->ladder->task_count; i++) {
			size_t at = drawing->start;
			for (uint32_t k = 0; k < i; k++)
				at += drawing->cells[k];
			fill(drawing->page, column, at);
			buffer_text(drawing->page, "|");
			column = at + 1;
		}
	} else {
		const char *name = drawing->ladder->tasks[rung->task].name;
		buffer_text(drawing->page, name);
		fill(drawing->page, text_columns(name), drawing->task_width + 1);
		column += drawing->task_width + 1;
		column = wrap(drawing, column, column + GAP, words);
	}
	put_marks(drawing, rung, column);
	free(words);
}

/* Leaves out what is behind the last comma before so many bytes. True if it did. */
static bool shorten(char *text, size_t most)
{
	size_t at = most;

	if (strlen(text) <= most)
		return false;
	while (at > 0 && text[at] != ',' && text[at] != ':')
		at--;
	text[at ? at : most] = '\0';
	return true;
}

static void put_folded(struct drawing *drawing, const struct rung *rung)
{
	size_t from = drawing->indent + STEP_WIDTH + GAP;
	char *text;

	if (rung->kind == RUNG_FOLD)
		text = text_format("... %u steps: %s", rung->count, rung->deed);
	else if (rung->period == 1)
		text = text_format("the same %u times more", rung->count);
	else
		text = text_format(
			"the last %u steps %u times more", rung->period, rung->count);
	bool shortened = shorten(text, 2 * (drawing->width - from - GAP) - 16);
	buffer_repeat(drawing->page, ' ', from);
	size_t column = wrap(drawing, from, from + GAP, text);
	if (shortened)
		wrap(drawing, column, from + GAP, " and more");
	buffer_text(drawing->page, "\n");
	free(text);
}

void lines_wrap(struct buffer *page, const char *text, size_t indent, size_t width)
{
	struct drawing drawing = {.page = page, .width = width};

	for (size_t length; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		char *line = text_format("%.*s", (int)length, text);
		char *visible = text_line(line);
		size_t blanks = strspn(visible, " ");
		buffer_repeat(page, ' ', visible[blanks] ? indent + blanks : 0);
		wrap(&drawing, indent + blanks, indent + blanks + GAP, visible + blanks);
		buffer_text(page, "\n");
		free(visible);
		free(line);
	}
}

void ladder_said_text(
	struct buffer *page, const struct ladder *ladder, size_t indent, size_t width)
{
	for (char **line = ladder->said; *line; line++)
		lines_wrap(page, *line, indent, width);
}

void ladder_text(
	struct buffer *page, const struct ladder *ladder, size_t indent, size_t width)
{
	struct drawing drawing = {
		.page = page, .ladder = ladder, .indent = indent, .width = width};
	uint32_t repeats = ladder->repeats_from;

	measure(&drawing);
	put_head(&drawing);
	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		if (repeats && i + 1 == repeats) {
			buffer_repeat(page, ' ', indent + STEP_WIDTH + GAP);
			buffer_text(page, "from here on it repeats:\n");
		}
		if (has_cell(rung))
			put_rung(&drawing, rung);
		else
			put_folded(&drawing, rung);
	}
	if (!repeats)
		return;
	buffer_repeat(page, ' ', indent + STEP_WIDTH + GAP);
	if (ladder->rungs[repeats - 1].number)
		buffer_print(page, "and so on, for ever, from step %u\n",
			ladder->rungs[repeats - 1].number);
	else
		buffer_text(page, "and so on, for ever\n");
}
