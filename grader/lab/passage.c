/* SPDX-License-Identifier: MIT */
#include "lab/passage.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Shorter lines say nothing: braces, else, break. */
enum { LEAST_LINE = 10 };

/* The line without its spaces, or NULL if what is left says nothing. */
static char *squeeze(const char *line, size_t length)
{
	char *text = memory_new(length + 1, 1);
	size_t used = 0;

	for (size_t i = 0; i < length; i++)
		if (!isspace((unsigned char)line[i]))
			text[used++] = line[i];
	if (used >= LEAST_LINE)
		return text;
	free(text);
	return NULL;
}

static size_t count_lines(const char *text, size_t length)
{
	size_t count = 1;

	for (size_t i = 0; i < length; i++)
		count += text[i] == '\n';
	return count;
}

struct passage *passage_of(const char *text, size_t length, long number)
{
	struct passage *passage = memory_new(1, sizeof(*passage));
	const char *end = text + length;

	passage->lines = memory_new(count_lines(text, length), sizeof(*passage->lines));
	for (; text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;
		char *line = squeeze(text, (size_t)(stop - text));
		if (line)
			passage->lines[passage->count++] =
				(struct passage_line){line, number};
		text = stop + 1;
	}
	return passage;
}

void passage_free(struct passage *passage)
{
	if (!passage)
		return;
	for (size_t i = 0; i < passage->count; i++)
		free(passage->lines[i].text);
	free(passage->lines);
	free(passage);
}

static bool is_at(const struct passage *page, size_t place, const struct passage *passage,
	size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(page->lines[place + i].text, passage->lines[first + i].text) !=
			0)
			return false;
	return true;
}

long passage_find(const struct passage *page, const struct passage *passage, size_t first,
	size_t count)
{
	for (size_t i = 0; count > 0 && i + count <= page->count; i++)
		if (is_at(page, i, passage, first, count))
			return page->lines[i].number;
	return 0;
}

bool passage_has(const struct passage *page, const char *line)
{
	for (size_t i = 0; i < page->count; i++)
		if (strcmp(page->lines[i].text, line) == 0)
			return true;
	return false;
}
