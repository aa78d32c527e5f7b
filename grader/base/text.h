/* SPDX-License-Identifier: MIT */
/*
 * The one place where text that comes from a submission is made harmless. Bytes are made
 * valid UTF-8 when they come in; where they go out to people, what a reader could not see
 * (control characters, bidirectional overrides) is spelled out.
 *
 *	evidence->output = text_valid(bytes, length);      // into the result
 *	char *shown = text_visible(evidence->output);      // onto a terminal, into XML
 *
 * Every function returns new text that the caller frees, and NULL for NULL.
 */
#ifndef INTERLOCK_BASE_TEXT_H
#define INTERLOCK_BASE_TEXT_H

#include <stddef.h>

/* The bytes as valid UTF-8. Each ill-formed sequence, NUL, U+FFFE and U+FFFF become
 * U+FFFD, the replacement character; other control characters stay. */
char *text_valid(const void *bytes, size_t length);

/* Valid UTF-8 for people's eyes: of control characters only tab and newline stay, a
 * carriage return before a newline goes, and every other one is spelled out (\r, \x1b,
 * \u009b), as are bidirectional controls and line separators (\u202e). All that is left
 * is legal in XML 1.0; its markup is for libxml2 to escape. */
char *text_visible(const char *text);

/* The same on one line: tabs become a space, newlines are spelled out as \n. */
char *text_line(const char *text);

/* At most `bytes` bytes, cut at the end of a character; if cut, followed by words that
 * say how much is missing, on a line of their own where the text has lines. */
char *text_cut(const char *text, size_t bytes);

/* The columns that the text takes on a terminal. It must be visible text, on one line. */
size_t text_columns(const char *text);

/* text_visible, with & < > " ' as entities: for HTML, body and attribute values. */
char *text_html(const char *text);

/* text_line, with everything that Markdown or HTML could read as markup as entities. */
char *text_markdown(const char *text);

/* For GitHub's workflow commands: the message, and the value of a property such as file.
 * One line, percent-encoded as the runner decodes it. */
char *text_github_data(const char *text);
char *text_github_property(const char *text);

/* text_line, as one word for a shell: in single quotes unless it is plain. */
char *text_shell(const char *text);

/* A name for one file, different for different texts: ASCII letters, digits, '_', '-' and
 * inner dots stay, the rest is percent-encoded; at most 128 bytes. */
char *text_file_name(const char *text);

#endif
