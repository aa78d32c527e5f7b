/* SPDX-License-Identifier: MIT */
#include "report/style.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define RESET "\x1b[0m"

static const struct {
	const char *sign;
	const char *colour;
} marks[VERDICT_COUNT] = {
	[VERDICT_PASS] = {"\xE2\x9C\x93", "\x1b[32m"}, /* check mark, green */
	[VERDICT_FAIL] = {"\xE2\x9C\x97", "\x1b[31m"}, /* ballot x, red */
	[VERDICT_BLOCKED] = {"\xC2\xB7", "\x1b[2m"},   /* middle dot, faint */
	[VERDICT_INCONCLUSIVE] = {"?", "\x1b[33m"},    /* yellow */
	[VERDICT_ERROR] = {"!", "\x1b[33m"},
};

void style_mark(struct buffer *page, enum verdict verdict, bool colour)
{
	if (colour)
		buffer_text(page, marks[verdict].colour);
	buffer_text(page, marks[verdict].sign);
	if (colour)
		buffer_text(page, RESET);
}

void style_ascii(char *text)
{
	static const char *const signs[][2] = {{"\xE2\x9C\x93", "+"},
		{"\xE2\x9C\x97", "x"}, {"\xC2\xB7", "."}, {"\xE2\x94\x82", "|"}};
	char *to = text;

	while (*text) {
		char sign = *text & 0x80 ? '?' : *text;
		size_t length = 1;
		for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
			if (strncmp(text, signs[i][0], strlen(signs[i][0])) == 0)
				sign = signs[i][1][0];
		while ((*text & 0x80) && (text[length] & 0xC0) == 0x80)
			length++;
		*to++ = sign;
		text += length;
	}
	*to = '\0';
}

void style_emphasis(
	struct buffer *page, const char *text, enum verdict verdict, bool colour)
{
	bool bold = colour && verdict != VERDICT_PASS;

	if (bold)
		buffer_text(page, "\x1b[1m");
	buffer_own(page, text_line(text));
	if (bold)
		buffer_text(page, RESET);
}

void style_fill(struct buffer *page, size_t from, size_t to)
{
	buffer_repeat(page, ' ', to > from ? to - from : 1);
}

/* One line of the text, without its newline. */
static void wrap_line(
	struct buffer *page, size_t indent, size_t width, const char *line, size_t length)
{
	size_t column = indent;

	while (length > 0) {
		size_t end = strcspn(line, " \t\n");
		end = end < length ? end : length;
		char *word = strndup(line, end);
		size_t columns = word ? text_columns(word) : end;
		free(word);
		if (column > indent && column + 1 + columns > width) {
			buffer_text(page, "\n");
			buffer_repeat(page, ' ', indent);
			column = indent;
		} else if (column > indent) {
			buffer_text(page, " ");
			column++;
		}
		buffer_add(page, line, end);
		column += columns;
		line += end;
		length -= end;
		while (length > 0 && (*line == ' ' || *line == '\t')) {
			line++;
			length--;
		}
	}
}

void style_wrap(struct buffer *page, size_t indent, size_t width, const char *text)
{
	char *visible = text_visible(text);

	for (const char *line = visible; *line;) {
		size_t length = strcspn(line, "\n");
		if (line > visible)
			buffer_repeat(page, ' ', indent);
		wrap_line(page, indent, width, line, length);
		buffer_text(page, "\n");
		line += length;
		line += *line == '\n';
	}
	free(visible);
}

void style_paragraph(struct buffer *page, size_t indent, size_t width, const char *text)
{
	buffer_repeat(page, ' ', indent);
	style_wrap(page, indent, width, text);
}

/* A blank that is part of a word is quoted: there the line is not broken. */
static size_t command_word(const char *command)
{
	bool quoted = false;
	size_t length = 0;

	for (; command[length] && (quoted || command[length] != ' '); length++)
		quoted ^= command[length] == '\'';
	return length;
}

void style_command(struct buffer *page, size_t indent, size_t width, const char *command)
{
	size_t column = indent;

	while (*command) {
		size_t length = command_word(command);
		if (column > indent && column + 1 + length + 2 > width) {
			buffer_text(page, " \\\n");
			buffer_repeat(page, ' ', indent);
			column = indent;
		} else if (column > indent) {
			buffer_text(page, " ");
			column++;
		}
		buffer_add(page, command, length);
		column += length;
		command += length;
		command += *command == ' ';
	}
	buffer_text(page, "\n");
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; count++) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return count;
}

/* What a text of steps comes to stands in its last lines. */
void style_indent(struct buffer *page, size_t indent, size_t most, const char *text)
{
	char *visible = text_visible(text);
	const char *line = visible;
	size_t count = count_lines(visible);
	size_t last = count > most ? most / 4 : 0;
	size_t first = count > most ? most - last : count;

	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(line, "\n");
		if (i < first || i >= count - last) {
			buffer_repeat(page, ' ', length > 0 ? indent : 0);
			buffer_add(page, line, length);
			buffer_text(page, "\n");
		} else if (i == first) {
			buffer_repeat(page, ' ', indent);
			buffer_print(page, "[%zu lines are not shown]\n",
				count - first - last);
		}
		line += length;
		line += *line == '\n';
	}
	free(visible);
}
