/* SPDX-License-Identifier: MIT */
#include "build/diagnostics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Splits "FILE:LINE[:COLUMN]: " off the line's start. */
static bool read_place(const char *line, size_t length, struct diagnostic *first)
{
	const char *colon = memchr(line, ':', length);
	char *end = NULL;

	if (!colon || (size_t)(colon - line) >= sizeof(first->file))
		return false;
	first->line = strtol(colon + 1, &end, 10);
	if (end == colon + 1 || *end != ':')
		return false;
	snprintf(first->file, sizeof(first->file), "%.*s", (int)(colon - line), line);
	return true;
}

bool diagnostics_first_error(const char *text, struct diagnostic *first)
{
	for (const char *line = text; line && *line;) {
		const char *next = strchr(line, '\n');
		size_t length = next ? (size_t)(next - line) : strlen(line);
		const char *mark = memmem(line, length, "error: ", strlen("error: "));
		if (mark && read_place(line, length, first)) {
			const char *message = mark + strlen("error: ");
			snprintf(first->message, sizeof(first->message), "%.*s",
				(int)(length - (size_t)(message - line)), message);
			return true;
		}
		line = next ? next + 1 : NULL;
	}
	return false;
}

bool diagnostics_undefined(const char *text, char *name, size_t size)
{
	static const char words[] = "undefined reference to `";
	const char *found = strstr(text, words);

	if (!found)
		return false;
	found += strlen(words);
	snprintf(name, size, "%.*s", (int)strcspn(found, "'\n"), found);
	return true;
}
