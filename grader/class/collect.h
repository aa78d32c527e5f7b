/* SPDX-License-Identifier: MIT */
/*
 * Who is in a class, and what each handed in: a folder of folders, or an archive or a folder as
 * Canvas, Moodle and Gradescope export them, or a folder of clones.
 *
 *	struct collection collection;
 *	if (collect(&collection, &(struct collect_from){.lab = lab, .class = "class.zip"},
 *		    &error) == 0)
 *		for (size_t i = 0; i < collection.count; i++)
 *			puts(collection.items[i].student);
 *	collection_release(&collection);
 *
 * What is no submission (a roster, metadata, a README, __MACOSX) is none; what else is left out
 * is told.
 */
#ifndef INTERLOCK_CLASS_COLLECT_H
#define INTERLOCK_CLASS_COLLECT_H

#include "base/error.h"
#include "lab/lab.h"

#include <stddef.h>

struct collected {
	char *student;	 /* as the reports call him; different for each */
	char *shown;	 /* where it is, as the person who grades knows it */
	char *path;	 /* where its files are for the intake */
	char *handed_in; /* 2026-01-31T12:00:00Z as the host says it, or "unknown" */
	char *note;	 /* what was odd, or "" */
	char *ids;	 /* how its host knows the people: a line each, parted by tabs */
};

struct collection {
	struct collected *items; /* by student */
	size_t count;
	char *left_out; /* what was no submission and is not known as none, a line each */
	char *temporary; /* what was unpacked and copied; NULL if nothing was */
};

/* 0, or -1 with the error set, also if a file fits two of the labs; call collection_release() in
 * both cases. */
struct collect_from {
	const struct lab *lab;
	const struct lab *const *others; /* labs that the class is graded by, too */
	size_t other_count;
	const char *class; /* a folder or an archive */
};
int collect(struct collection *collection, const struct collect_from *from,
	struct error *error);
void collection_release(struct collection *collection);

#endif
