/* SPDX-License-Identifier: MIT */
/*
 * A student's file on its way to the preprocessor: the bytes that were handed in are read
 * here, so that what is an #include is not for the preprocessor to say.
 *
 *	struct source source;
 *	source_read(&source, lab, "account.c", bytes, size);
 *	if (source.complaint)
 *		puts(source.complaint);
 *	source_release(&source);
 *
 * All includes are taken out of the file and stand before it. So nothing of the student's can
 * change what a header says, and all that follows the headers is the student's, whatever
 * line markers stand in it (code.h looks at that).
 */
#ifndef INTERLOCK_BUILD_SOURCE_H
#define INTERLOCK_BUILD_SOURCE_H

#include "lab/lab.h"

#include <stddef.h>

struct source {
	char *prelude;	 /* feature-test macros, then each #include, with its line */
	char *body;	 /* the file without those, without comments and line splices; as
			    many lines */
	char *complaint; /* why the file is refused, or NULL */
	long line;	 /* where */
};

/* Reads the file's bytes. Call source_release afterwards, in any case. */
void source_read(struct source *source, const struct lab *lab, const char *file,
	const char *bytes, size_t size);
void source_release(struct source *source);

#endif
