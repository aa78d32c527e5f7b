/* SPDX-License-Identifier: MIT */
/*
 * Text that grows at its end.
 *
 *	struct buffer line = {0};
 *	buffer_print(&line, "%s: %ld of %ld", name, points, max_points);
 *	buffer_add(&line, "\n", 1);
 *	char *text = buffer_take(&line);
 *
 * All-zero memory is a valid empty buffer. The program ends with exit code 2 when memory
 * runs out, as everywhere (see base/memory.h).
 */
#ifndef INTERLOCK_BASE_BUFFER_H
#define INTERLOCK_BASE_BUFFER_H

#include <stddef.h>

struct buffer {
	char *bytes; /* ends with a NUL that length leaves out; NULL while empty */
	size_t length;
	size_t room;
};

/* Appends length bytes, a NUL-terminated text, formatted text, or count times a
 * character. */
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_print(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_repeat(struct buffer *buffer, char character, size_t count);

/* Appends a text and frees it: for what the functions of base/text.h return. */
void buffer_own(struct buffer *buffer, char *text);

/* The text, never NULL, which the caller frees; the buffer is empty again. */
char *buffer_take(struct buffer *buffer);

void buffer_release(struct buffer *buffer);

#endif
