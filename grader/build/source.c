/* SPDX-License-Identifier: MIT */
#include "build/source.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "build/headers.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\v\f\r";

static void end_line(struct buffer *out, size_t *held)
{
	buffer_repeat(out, '\n', 1 + *held);
	*held = 0;
}

/* The length of a backslash, blanks and the end of the line, or 0. */
static size_t splice_at(const char *at)
{
	if (*at != '\\')
		return 0;
	size_t length = 1 + strspn(at + 1, blanks);
	return at[length] == '\n' ? length + 1 : 0;
}

/* Lines that were one line become one; the line ends that this takes follow it. */
static char *without_splices(const char *text, bool *found)
{
	struct buffer out = {0};
	size_t held = 0;

	*found = false;
	while (*text) {
		size_t splice = splice_at(text);
		if (splice) {
			*found = true;
			held++;
			text += splice;
		} else if (*text == '\n') {
			end_line(&out, &held);
			text++;
		} else {
			buffer_add(&out, text++, 1);
		}
	}
	buffer_repeat(&out, '\n', held);
	return buffer_take(&out);
}

/* Past a string or a character, which ends on its line. */
static const char *skip_literal(const char *at)
{
	char quote = *at++;

	while (*at && *at != '\n' && *at != quote)
		at += at[0] == '\\' && at[1] && at[1] != '\n' ? 2 : 1;
	return *at == quote ? at + 1 : at;
}

/* Past a comment. Counts the lines that end in it. */
static const char *skip_comment(const char *at, size_t *lines)
{
	if (at[1] == '/')
		return at + strcspn(at, "\n");
	for (at += 2; *at && strncmp(at, "*/", 2) != 0; at++)
		*lines += *at == '\n';
	return *at ? at + 2 : at;
}

static char *without_comments(const char *text)
{
	struct buffer out = {0};
	size_t held = 0;

	while (*text) {
		const char *start = text;
		if (*text == '\n') {
			end_line(&out, &held);
			text++;
		} else if (*text == '/' && (text[1] == '/' || text[1] == '*')) {
			text = skip_comment(text, &held);
			buffer_add(&out, " ", 1);
		} else {
			text = *text == '"' || *text == '\'' ? skip_literal(text)
							     : text + 1;
			buffer_add(&out, start, (size_t)(text - start));
		}
	}
	buffer_repeat(&out, '\n', held);
	return buffer_take(&out);
}

/* What the compiler reads once comments and line splices are gone. */
static char *flatten(const char *bytes)
{
	char *text = text_copy(bytes);
	bool again = true;

	while (again) {
		char *shorter = without_splices(text, &again);
		free(text);
		text = shorter;
	}
	char *flat = without_comments(text);
	free(text);
	return flat;
}

/* One line that is a directive. */
struct directive {
	const struct lab *lab;
	const char *file;
	long line;
	char *word; /* "include" */
	char *rest; /* what follows it, without blanks around it */
};

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

/* Said of headers, so it goes before them: the macro, with a number or nothing. */
static bool is_for_headers(const struct directive *directive)
{
	static const char *const macros[] = {"_GNU_SOURCE", "_DEFAULT_SOURCE",
		"_BSD_SOURCE", "_SVID_SOURCE", "_ISOC99_SOURCE", "_ISOC11_SOURCE",
		"_POSIX_SOURCE", "_POSIX_C_SOURCE", "_XOPEN_SOURCE",
		"_XOPEN_SOURCE_EXTENDED", "_ATFILE_SOURCE", "_LARGEFILE64_SOURCE",
		"_FILE_OFFSET_BITS", "_REENTRANT", "_THREAD_SAFE", "NDEBUG", NULL};
	size_t length = strcspn(directive->rest, blanks);
	const char *value =
		directive->rest + length + strspn(directive->rest + length, blanks);

	if (strcmp(directive->word, "define") != 0 ||
		strspn(value, "0123456789L") != strlen(value))
		return false;
	char *name = text_format("%.*s", (int)length, directive->rest);
	bool found = is_one_of(name, macros);
	free(name);
	return found;
}

/* The name between the quotes or brackets that is all the directive says; NULL if it says
 * something else. */
static char *included_name(const char *rest)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_-+./";
	size_t length = *rest ? strspn(rest + 1, letters) : 0;
	char last = *rest == '<' ? '>' : *rest == '"' ? '"' : '\0';

	if (length == 0 || !last || rest[length + 1] != last || rest[length + 2])
		return NULL;
	return text_format("%.*s", (int)length, rest + 1);
}

/* Whether the line leaves the file for the prelude; or why it is refused. */
static bool take_include(
	struct buffer *prelude, const struct directive *directive, char **complaint)
{
	char *name = included_name(directive->rest);
	bool own = name && headers_are_own(directive->lab, name);

	if (!name)
		*complaint =
			text_copy("#include does not name a file between < > or \" \"");
	else if (!own && !headers_know(directive->lab, name))
		*complaint = text_format(
			"%s is not among the headers that an answer may include", name);
	else if (!own)
		buffer_print(prelude, "#line %ld \"%s\"\n#include %s\n", directive->line,
			directive->file, directive->rest);
	free(name);
	return !own && !*complaint;
}

static char *complain(const struct directive *directive)
{
	static const char *const known[] = {"", "define", "undef", "if", "ifdef",
		"ifndef", "elif", "elifdef", "elifndef", "else", "endif", "error",
		"warning", "pragma", NULL};

	if (strstr(directive->rest, "__has_include"))
		return text_copy(
			"__has_include asks which files there are; an answer has "
			"no need to know");
	if (is_one_of(directive->word, known))
		return NULL;
	if (isdigit((unsigned char)*directive->word) ||
		strcmp(directive->word, "line") == 0)
		return text_copy("#line says that code is another file's; leave it out");
	return text_format("#%s is not among the directives that an answer may use",
		directive->word);
}

/* Splits the line if it is a directive. */
static bool read_directive(struct directive *directive, char *line)
{
	char *at = line + strspn(line, blanks);

	if (*at != '#' && strncmp(at, "%:", 2) != 0)
		return false;
	at += *at == '#' ? 1 : 2;
	at += strspn(at, blanks);
	size_t length = 0;
	while (isalnum((unsigned char)at[length]) || at[length] == '_')
		length++;
	directive->word = text_format("%.*s", (int)length, at);
	at += length + strspn(at + length, blanks);
	directive->rest = text_copy(at);
	for (size_t end = strlen(at); end > 0 && strchr(blanks, at[end - 1]); end--)
		directive->rest[end - 1] = '\0';
	return true;
}

/* One line of the flat text: to the body, or to what goes before it. */
static void read_line(struct source *source, struct directive *directive,
	struct buffer *macros, struct buffer *includes, struct buffer *body, char *line)
{
	bool taken = false;

	if (read_directive(directive, line)) {
		if (strcmp(directive->word, "include") == 0)
			taken = take_include(includes, directive, &source->complaint);
		else
			source->complaint = complain(directive);
		if (!source->complaint && is_for_headers(directive)) {
			buffer_print(macros, "#define %s\n", directive->rest);
			taken = true;
		}
		free(directive->word);
		free(directive->rest);
	}
	if (source->complaint)
		source->line = directive->line;
	buffer_print(body, "%s\n", taken ? "" : line);
}

static void read_lines(
	struct source *source, const struct lab *lab, const char *file, char *flat)
{
	struct directive directive = {.lab = lab, .file = file};
	struct buffer macros = {0};
	struct buffer includes = {0};
	struct buffer body = {0};
	char *rest = flat;

	for (char *line; !source->complaint && (line = strsep(&rest, "\n"));) {
		directive.line++;
		read_line(source, &directive, &macros, &includes, &body, line);
	}
	buffer_own(&macros, buffer_take(&includes));
	source->prelude = buffer_take(&macros);
	source->body = buffer_take(&body);
}

void source_read(struct source *source, const struct lab *lab, const char *file,
	const char *bytes, size_t size)
{
	*source = (struct source){0};
	if (memchr(bytes, '\0', size)) {
		source->complaint = text_copy("it is no text: there are NUL bytes in it");
		return;
	}
	char *flat = flatten(bytes);
	read_lines(source, lab, file, flat);
	free(flat);
}

void source_release(struct source *source)
{
	free(source->prelude);
	free(source->body);
	free(source->complaint);
	*source = (struct source){0};
}
