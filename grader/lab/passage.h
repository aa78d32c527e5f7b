/* SPDX-License-Identifier: MIT */
/*
 * Texts as the lines in them that say something, and passages of one found in another,
 * whatever their spaces, empty lines and lone braces.
 *
 *	struct passage *answer = passage_of(text, strlen(text), 1);
 *	long line = passage_find(page, answer, 0, answer->count);
 *	passage_free(answer);
 */
#ifndef INTERLOCK_LAB_PASSAGE_H
#define INTERLOCK_LAB_PASSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct passage_line {
	char *text;  /* without spaces */
	long number; /* in its file, from 1 */
};

struct passage {
	struct passage_line *lines;
	size_t count;
};

/* The lines of so many bytes, the first of which has this number. */
struct passage *passage_of(const char *text, size_t length, long number);
void passage_free(struct passage *passage);

/* Where the page has lines `first` to `first + count - 1` of the passage, in a row: the number
 * of the first of them, or 0. */
long passage_find(const struct passage *page, const struct passage *passage, size_t first,
	size_t count);

/* Whether the page has this line. */
bool passage_has(const struct passage *page, const char *line);

#endif
