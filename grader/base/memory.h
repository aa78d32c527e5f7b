/* SPDX-License-Identifier: MIT */
/*
 * Memory for the grader's own small things. When there is none left the program says so
 * and ends with exit code 2, so that callers need no path for it.
 *
 *	char *title = text_copy(lab->title);
 *	char *name = text_format("%s/%s.json", folder, student);
 */
#ifndef INTERLOCK_BASE_MEMORY_H
#define INTERLOCK_BASE_MEMORY_H

#include <stddef.h>

/* Says that memory ran out and ends the program: for libraries that report it otherwise.
 */
void memory_exhausted(void) __attribute__((noreturn));

/* Zeroed memory for count things of size bytes; the caller frees it. */
void *memory_new(size_t count, size_t size);

/* The block resized to count things of size bytes; new bytes are not set. */
void *memory_grow(void *block, size_t count, size_t size);

/* A copy of the text, NULL for NULL; the caller frees it. */
char *text_copy(const char *text);

/* The formatted text; the caller frees it. */
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Frees *text and puts the formatted text in its place. */
void text_replace(char **text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
