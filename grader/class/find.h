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
 * What is taken is a regular file with one link, on a way without links.
 */
#ifndef INTERLOCK_CLASS_FIND_H
#define INTERLOCK_CLASS_FIND_H

#include "base/error.h"
#include "lab/lab.h"

struct find {
	const struct lab *lab;
	const char *staged; /* a folder that may be made */
	char *path; /* where the files are now: the submission itself, or `staged` */
	char *note; /* what was odd, for the student; "" if nothing was */
};

int find_files(struct find *find, const char *submission, struct error *error);
void find_release(struct find *find);

#endif
