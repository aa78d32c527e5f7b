/* SPDX-License-Identifier: MIT */
/*
 * Finds a lab's files in what a student handed in: where they lie deeper, are called almost
 * right, or in an archive, they are copied to a folder of ours under their right names.
 *
 *	struct find find = {.lab = lab, .staged = "/tmp/interlock-x/1"};
 *	if (find_files(&find, "class/alice", &error) == 0)
 *		grade(workshop, find.path, ...);
 *	find_release(&find);
 *
 * A file in a folder that is called as another lab is that lab's. One in no lab's folder that fits
 * two labs makes the other one its `rival`.
 *
 * What is taken is a regular file with one link, on a way without links.
 */
#ifndef INTERLOCK_CLASS_FIND_H
#define INTERLOCK_CLASS_FIND_H

#include "base/error.h"
#include "lab/lab.h"

#include <stddef.h>

struct find {
	const struct lab *lab;
	const struct lab *const *others; /* labs that the class is graded by, too */
	size_t other_count;
	const char *staged; /* a folder that may be made */
	char *path; /* where the files are now: the submission itself, or `staged` */
	char *note; /* what was odd, for the student; "" if nothing was */
	const struct lab *rival; /* one whose files these may be as well; NULL: none */
};

int find_files(struct find *find, const char *submission, struct error *error);
void find_release(struct find *find);

#endif
