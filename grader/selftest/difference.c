/* SPDX-License-Identifier: MIT */
#include "selftest/difference.h"

#include "base/buffer.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A text's lines without newlines, from `start` to `end`. */
struct part {
	const char *start;
	const char *end;
};

static const char *line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline ? newline + 1 : end;
}

static const char *line_start(const char *text, const char *at)
{
	if (at > text)
		at--;
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

static void put_lines(struct buffer *diff, char sign, struct part part)
{
	for (const char *line = part.start; line < part.end;) {
		const char *end = line_end(line, part.end);
		size_t length = (size_t)(end - line) - (end[-1] == '\n');
		buffer_add(diff, &sign, 1);
		buffer_add(diff, line, length);
		buffer_text(diff, "\n");
		line = end;
	}
}

/* Takes off the lines that both begin with, then those that both end with. */
static void trim(struct part *before, struct part *after)
{
	while (before->start < before->end && after->start < after->end) {
		ptrdiff_t one = line_end(before->start, before->end) - before->start;
		ptrdiff_t other = line_end(after->start, after->end) - after->start;
		if (one != other || memcmp(before->start, after->start, (size_t)one) != 0)
			break;
		before->start += one;
		after->start += one;
	}
	while (before->start < before->end && after->start < after->end) {
		const char *one = line_start(before->start, before->end);
		const char *other = line_start(after->start, after->end);
		size_t length = (size_t)(before->end - one);
		if ((size_t)(after->end - other) != length ||
			memcmp(one, other, length) != 0)
			break;
		before->end = one;
		after->end = other;
	}
}

char *difference(
	const char *file, const char *function, const char *before, const char *after)
{
	struct part out = {before, before + strlen(before)};
	struct part in = {after, after + strlen(after)};
	struct buffer diff = {0};

	trim(&out, &in);
	buffer_print(&diff, "@@ %s: %s\n", file, function);
	if (out.start > before)
		put_lines(&diff, ' ',
			(struct part){line_start(before, out.start), out.start});
	put_lines(&diff, '-', out);
	put_lines(&diff, '+', in);
	if (*out.end)
		put_lines(&diff, ' ',
			(struct part){
				out.end, line_end(out.end, out.end + strlen(out.end))});
	return buffer_take(&diff);
}

/* Every run of blanks after a line's first character as one, none at the end of a line or
 * right after the sign. */
static char *normal(const char *diff)
{
	struct buffer text = {0};
	bool blank = false;
	bool fresh = true;

	for (const char *at = diff; *at; at++) {
		if (*at == '\n' || fresh) {
			buffer_add(&text, at, 1);
			blank = false;
		} else if (isspace((unsigned char)*at)) {
			blank = text.bytes[text.length - 1] != ' ';
		} else {
			bool first =
				text.length < 2 || text.bytes[text.length - 2] == '\n';
			if (blank && !first)
				buffer_text(&text, " ");
			buffer_add(&text, at, 1);
			blank = false;
		}
		fresh = *at == '\n';
	}
	while (text.length > 0 && isspace((unsigned char)text.bytes[text.length - 1]))
		text.bytes[--text.length] = '\0';
	return buffer_take(&text);
}

bool difference_matches(const char *one, const char *other)
{
	char *first = normal(one);
	char *second = normal(other);
	bool same = strcmp(first, second) == 0;

	free(second);
	free(first);
	return same;
}
