/* SPDX-License-Identifier: MIT */
/*
 * Copies a folder of templates, with words in place of their @NAMES@.
 *
 *	struct template_word words[] = {{"LAB", "lock"}, {NULL, NULL}};
 *	template_copy("templates/gradescope", folder, words, &error);
 */
#ifndef INTERLOCK_KIT_TEMPLATE_H
#define INTERLOCK_KIT_TEMPLATE_H

#include "base/error.h"

struct template_word {
	const char *name; /* in capitals; a NULL name ends the list */
	const char *word;
};

/* The text with its @NAMES@ replaced, to be freed by the caller. */
char *template_fill(const char *text, const struct template_word *words);

/* All that is below the folder; files that can be executed stay so. */
int template_copy(const char *from, const char *to, const struct template_word *words,
	struct error *error);

#endif
