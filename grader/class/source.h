/* SPDX-License-Identifier: MIT */
/*
 * Where a batch found the lab and the class, and how it graded, kept in the class's database: to
 * grade somebody again as it did.
 *
 *	struct class_source source;
 *	if (class_source_load(&source, database, "lock", &error) == 0)
 *		puts(source.class);
 *	class_source_release(&source);
 */
#ifndef INTERLOCK_CLASS_SOURCE_H
#define INTERLOCK_CLASS_SOURCE_H

#include "base/error.h"
#include "class/database.h"

struct class_source {
	char *folder; /* the lab's */
	char *class;  /* the folder or archive of the class */
	char *compiler;
	char *only;   /* the one criterion that was judged, or "" */
	char *secret; /* 16 hexadecimal digits */
	char *inputs; /* the same, or "" where they follow from the files */
};

/* A batch's: the paths become absolute. */
struct class_source class_source_of(const struct lab *lab, const char *class,
	const struct grade_options *options, const char *only);
void class_source_release(struct class_source *source);

int class_source_keep(const struct class_source *source, struct database *database,
	const char *lab, struct error *error);

/* -1 with the error set also where the class was graded by an older interlock. */
int class_source_load(struct class_source *source, struct database *database,
	const char *lab, struct error *error);

#endif
