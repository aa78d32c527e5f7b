/* SPDX-License-Identifier: MIT */
/*
 * What kind of mistake a witness shows, for a student in the second year: the concept in a few
 * sentences, with the lines and values of the witness. Never what to type.
 *
 *	char *words = concept_words(ladder);
 */
#ifndef INTERLOCK_REPORT_CONCEPT_H
#define INTERLOCK_REPORT_CONCEPT_H

struct ladder;

/* NULL where the witness is of a kind of which there is nothing general to say. The caller frees
 * it. */
char *concept_words(const struct ladder *ladder);

#endif
