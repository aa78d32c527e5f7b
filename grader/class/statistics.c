/* SPDX-License-Identifier: MIT */
#include "class/statistics.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/alike.h"
#include "class/question.h"
#include "report/style.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 88, BAR = 50, MOST_MISTAKES = 30, MOST_PAIRS = 50 };

static const char *cell(const struct answer *answer, size_t row, size_t column)
{
	return answer->cells[row * answer->column_count + column].text;
}

static long number(const struct answer *answer, size_t row, size_t column)
{
	return strtol(cell(answer, row, column), NULL, 10);
}

/* A table of an answer, each line two columns in. */
static void put_table(struct buffer *page, const struct answer *answer)
{
	char *text = answer_text(answer);
	char *rest = text;

	for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n"))
		buffer_print(page, "  %s\n", line);
	free(text);
}

static void put_distribution(struct buffer *page, const struct answer *answer)
{
	long most = 1;

	for (size_t i = 0; i < answer->row_count; i++)
		most = number(answer, i, 2) > most ? number(answer, i, 2) : most;
	for (long tenth = 0; tenth < 10; tenth++) {
		long students = 0;
		for (size_t i = 0; i < answer->row_count; i++)
			if (number(answer, i, 0) == tenth * 10)
				students = number(answer, i, 2);
		buffer_print(page, "  %3ld to %3ld %%  %4ld%s", tenth * 10,
			tenth == 9 ? 100 : tenth * 10 + 9, students,
			students > 0 ? "  " : "");
		buffer_repeat(page, '#', (size_t)((students * BAR + most - 1) / most));
		buffer_text(page, "\n");
	}
}

static void put_mistakes(struct buffer *page, const struct answer *answer)
{
	size_t shown =
		answer->row_count < MOST_MISTAKES ? answer->row_count : MOST_MISTAKES;

	for (size_t i = 0; i < shown; i++) {
		long students = number(answer, i, 1);
		char *mistake = text_line(cell(answer, i, 2));
		char *who = text_line(cell(answer, i, 3));
		buffer_print(page, "  %ld %s, %s\n", students,
			students == 1 ? "student" : "students", cell(answer, i, 0));
		style_paragraph(page, 6, WIDTH, mistake);
		style_paragraph(page, 6, WIDTH, who);
		free(who);
		free(mistake);
	}
	if (shown < answer->row_count)
		buffer_print(page, "  and %zu more: 'interlock db DIR mistakes'\n",
			answer->row_count - shown);
}

static void put_identical(struct buffer *page, const struct answer *answer)
{
	for (size_t i = 0; i < answer->row_count; i++) {
		char *who = text_line(cell(answer, i, 1));
		char *line = text_format("%s: %s", cell(answer, i, 0), who);
		style_paragraph(page, 2, WIDTH, line);
		free(line);
		free(who);
	}
}

struct section {
	const char *question, *title, *none;
	void (*put)(struct buffer *page, const struct answer *answer);
};

static const struct section sections[] = {
	{"ungraded", "Not graded yet", NULL, put_table},
	{"unjudged", "What could not be judged", "Everything was judged.", put_table},
	{"alarms", "Another score though nothing had changed", NULL, put_table},
	{"distribution", "Points, in tenths of what could be judged",
		"Nothing was graded yet.", put_distribution},
	{"criteria", "Criteria by failure rate", NULL, put_table},
	{"mistakes", "The same mistake, without its numbers", "Nobody made one.",
		put_mistakes},
	{"identical",
		"The same answer but for names, comments and layout (an easy task has "
		"many)",
		"No two answers are the same.", put_identical},
};

static int put_section(struct buffer *page, const struct section *section,
	struct database *database, const char *lab, struct error *error)
{
	struct answer answer;
	int status = question_ask(&answer, database, lab, section->question, error);

	if (status == 0 && (answer.row_count > 0 || section->none)) {
		buffer_print(
			page, "%s%s\n", page->length > 0 ? "\n" : "", section->title);
		if (answer.row_count > 0)
			section->put(page, &answer);
		else
			buffer_print(page, "  %s\n", section->none);
	}
	answer_release(&answer);
	return status;
}

static int put_alike(struct buffer *page, struct database *database, const char *lab,
	struct error *error)
{
	struct alike alike;
	int status = alike_find(&alike, database, lab, error);
	size_t shown = alike.count < MOST_PAIRS ? alike.count : MOST_PAIRS;

	if (status == 0)
		buffer_print(page,
			"\nNearly the same answer (%d %% or more of what is not "
			"common)\n%s",
			ALIKE_PERCENT, alike.count == 0 ? "  No two are.\n" : "");
	for (size_t i = 0; i < shown; i++) {
		buffer_print(page, "  %3u %%  ", alike.pairs[i].percent);
		buffer_own(page, text_line(alike.pairs[i].one));
		buffer_text(page, ", ");
		buffer_own(page, text_line(alike.pairs[i].other));
		buffer_text(page, "\n");
	}
	if (shown < alike.count)
		buffer_print(page, "  and %zu pairs more\n", alike.count - shown);
	alike_release(&alike);
	return status;
}

char *statistics_text(struct database *database, const char *lab, struct error *error)
{
	struct buffer page = {0};
	int status = 0;

	for (size_t i = 0; status == 0 && i < sizeof(sections) / sizeof(*sections); i++)
		status = put_section(&page, &sections[i], database, lab, error);
	if (status == 0)
		status = put_alike(&page, database, lab, error);
	char *text = buffer_take(&page);
	if (status == 0)
		return text;
	free(text);
	return NULL;
}
