/* SPDX-License-Identifier: MIT */
#include "build/source.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 250 }; /* of includes; compilers stop at 200 */

/* `# 12 "file" 1 3`: what the preprocessor says of the lines that follow. */
struct marker {
	const char *file;
	size_t length;
	bool enters, leaves;
};

static bool read_marker(const char *line, struct marker *marker)
{
	if (line[0] != '#' || line[1] != ' ' || !isdigit((unsigned char)line[2]))
		return false;
	const char *at = line + 2 + strspn(line + 2, "0123456789");
	if (strncmp(at, " \"", 2) != 0)
		return false;
	*marker = (struct marker){.file = at += 2};
	while (*at && *at != '"' && *at != '\n')
		at += at[0] == '\\' && at[1] && at[1] != '\n' ? 2 : 1;
	marker->length = (size_t)(at - marker->file);
	if (*at != '"')
		return true;
	marker->enters = strncmp(at + 1, " 1", 2) == 0;
	marker->leaves = strncmp(at + 1, " 2", 2) == 0;
	return true;
}

/* Where the preprocessor is: in the file itself, or in one that is included. */
struct place {
	struct marker inside[DEPTH_MOST];
	size_t depth;
	struct marker top; /* of what is included by nobody */
};

static bool same_file(const struct marker *a, const struct marker *b)
{
	return a->length == b->length && memcmp(a->file, b->file, a->length) == 0;
}

/* Whether the marker is one that no #line has made: included files come and go by markers of
 * their own, and other markers only count lines. */
static bool go_on(struct place *place, const struct marker *marker)
{
	if (marker->enters) {
		if (place->depth >= DEPTH_MOST)
			return false;
		place->inside[place->depth++] = *marker;
		return true;
	}
	if (marker->leaves && place->depth > 0)
		place->depth--;
	if (place->depth > 0)
		return same_file(&place->inside[place->depth - 1], marker);
	place->top = *marker;
	return true;
}

/* Code that nobody includes is the file's own. */
static bool is_own(const struct place *place, const char *file)
{
	return place->top.file && place->top.length == strlen(file) &&
	       memcmp(place->top.file, file, place->top.length) == 0;
}

/* What the file's own code says that the checkers would not see the effect of. */
static const struct {
	const char *start, *why;
} hidden[] = {
	{"asm", "assembler is used; the checkers do not see what it does, so say it in "
		"C"},
	{"no_sanitize",
		"the compiler is asked to leave code out of what the checkers see"},
	{"disable_sanitizer",
		"the compiler is asked to leave code out of what the checkers see"},
};

/* The underscores around a word make no other word of it. */
static const char *why_hidden(const char *word, size_t length)
{
	while (length > 0 && *word == '_')
		word++, length--;
	while (length > 0 && word[length - 1] == '_')
		length--;
	if (length == 3 && memcmp(word, "asm", 3) == 0)
		return hidden[0].why;
	for (size_t i = 1; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (length >= strlen(hidden[i].start) &&
			memcmp(word, hidden[i].start, strlen(hidden[i].start)) == 0)
			return hidden[i].why;
	return NULL;
}

/* A raw string goes on over lines, which could look like markers. */
static bool starts_raw_string(const char *word, size_t length)
{
	static const char *const prefixes[] = {"R", "LR", "uR", "UR", "u8R"};

	for (size_t i = 0;
		word[length] == '"' && i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (length == strlen(prefixes[i]) &&
			memcmp(word, prefixes[i], length) == 0)
			return true;
	return false;
}

/* Past a string or a character, which ends on its line. */
static const char *skip_literal(const char *at)
{
	char quote = *at++;

	while (*at && *at != '\n' && *at != quote)
		at += at[0] == '\\' && at[1] && at[1] != '\n' ? 2 : 1;
	return *at == quote ? at + 1 : at;
}

/* Why a line of the file's own code is refused, or NULL. */
static const char *why_line_is_refused(const char *at)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_$0123456789";
	const char *why = NULL;

	while (!why && *at && *at != '\n') {
		size_t length = strspn(at, letters);
		if (length > 0) {
			why = starts_raw_string(at, length)
				      ? "a raw string (R\"...\") is used; write an "
					"ordinary one"
				      : why_hidden(at, length);
			at += length;
		} else {
			at = *at == '"' || *at == '\'' ? skip_literal(at) : at + 1;
		}
	}
	return why;
}

static const char *why_refused(const char *file, const char *preprocessed)
{
	static const char other[] =
		"#line says that code is another file's; leave it out";
	struct place place = {0};
	const char *why = NULL;

	for (const char *line = preprocessed; !why && *line;) {
		struct marker marker;
		if (read_marker(line, &marker)) {
			if (!go_on(&place, &marker))
				why = other;
		} else if (place.depth == 0) {
			if (*line != '#' && *line != '\n' && !is_own(&place, file))
				why = other;
			else
				why = why_line_is_refused(line);
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return why;
}

char *source_complaint(const char *file, const char *preprocessed)
{
	const char *why = why_refused(file, preprocessed);

	return why ? text_format("%s: %s", file, why) : NULL;
}
