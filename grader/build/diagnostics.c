/* SPDX-License-Identifier: MIT */
#include "build/diagnostics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads "FILE:LINE:[COLUMN:] [fatal ]error: " off the line's start; the rest of the line
 * is the message. NULL if the line is another. */
static const char *read_place(const char *line, size_t length, struct diagnostic *first)
{
	static const char *const marks[] = {" error: ", " fatal error: "};
	const char *colon = memchr(line, ':', length);
	char *end = NULL;

	if (!colon || (size_t)(colon - line) >= sizeof(first->file) ||
		!strspn(colon + 1, "0123456789"))
		return NULL;
	first->line = strtol(colon + 1, &end, 10);
	if (end == colon + 1 || *end != ':')
		return NULL;
	snprintf(first->file, sizeof(first->file), "%.*s", (int)(colon - line), line);
	const char *rest = end + 1;
	const char *after_column = rest + strspn(rest, "0123456789");
	if (after_column > rest && *after_column == ':')
		rest = after_column + 1;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strncmp(rest, marks[i], strlen(marks[i])) == 0)
			return rest + strlen(marks[i]);
	return NULL;
}

bool diagnostics_first_error(const char *text, struct diagnostic *first)
{
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		const char *message = read_place(line, length, first);
		if (message) {
			snprintf(first->message, sizeof(first->message), "%.*s",
				(int)(line + length - message), message);
			return true;
		}
		line += length + (line[length] == '\n');
	}
	return false;
}

bool diagnostics_wish_refused(const char *text)
{
	return strstr(text, "Assembler messages:") || strstr(text, "cc1: fatal error: /");
}

/* Whether a line of the compiler's driver has the words: such a line begins with the driver's name,
 * and one that a submission has a say in with a file's, or with spaces. */
static bool driver_says(const char *text, const char *words)
{
	for (const char *at = text; (at = strstr(at, words)); at++) {
		const char *line = at;
		while (line > text && line[-1] != '\n')
			line--;
		size_t name = strcspn(line, ". :");
		if (name > 0 && strncmp(line + name, ": ", 2) == 0)
			return true;
	}
	return false;
}

enum compiler_end diagnostics_compiler_end(const char *text, int exit_code)
{
	enum { GCC_CRASHED = 4, CLANG_CRASHED = 70, BY_A_SIGNAL = 128 };

	if (exit_code > BY_A_SIGNAL || driver_says(text, "signal terminated program") ||
		driver_says(text, "unable to execute command") ||
		driver_says(text, "failed due to signal"))
		return COMPILER_KILLED;
	if (exit_code == GCC_CRASHED || exit_code == CLANG_CRASHED)
		return COMPILER_CRASHED;
	return COMPILER_REFUSED;
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
