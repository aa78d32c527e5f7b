/* SPDX-License-Identifier: MIT */
/*
 * The fingerprint of an answer: what stays the same when names, comments and layout change. Parts
 * are hashes of K tokens in a row, of which winnowing keeps the least of each WINDOW (Schleimer,
 * Wilkerson and Aiken, 2003), so two answers that share K + WINDOW - 1 tokens share a part. What
 * the handout has already is no part.
 *
 *	struct fingerprint print = {0};
 *	fingerprint_add(&print, text, handed_out);
 *	fingerprint_finish(&print);
 *	fingerprint_release(&print);
 */
#ifndef INTERLOCK_CLASS_FINGERPRINT_H
#define INTERLOCK_CLASS_FINGERPRINT_H

#include "class/database.h"

#include <stddef.h>
#include <stdint.h>

enum { FINGERPRINT_K = 9, FINGERPRINT_WINDOW = 4 };

struct fingerprint {
	uint64_t exact; /* the same for files that differ in names, comments and layout */
	uint64_t *parts; /* sorted once it is finished, each once */
	size_t count;
};

/* One file's text; and what was handed out for it, which may be NULL. */
void fingerprint_add(struct fingerprint *print, const char *text, const char *handed_out);
void fingerprint_finish(struct fingerprint *print);
void fingerprint_release(struct fingerprint *print);

/* That of the submission at path: it has no part if it is refused. Call fingerprint_release() in
 * any case. */
int fingerprint_of(struct fingerprint *print, const struct lab *lab, const char *path,
	struct error *error);

bool fingerprint_known(struct database *database, const char *key);
int fingerprint_keep(const struct fingerprint *print, struct database *database,
	const char *key, struct error *error);

#endif
