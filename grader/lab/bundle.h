/* SPDX-License-Identifier: MIT */
/*
 * What grading needs of a lab, without what only its author needs: lab.yaml, headers and checks,
 * no solution, no right or wrong answer. A grader keeps one apart from the student's files.
 *
 *	bundle_write(lab, "grading/labs/lock", true, &error);
 *	char *hash = bundle_hash(lab, &error);
 */
#ifndef INTERLOCK_LAB_BUNDLE_H
#define INTERLOCK_LAB_BUNDLE_H

#include "base/error.h"
#include "lab/lab.h"

#include <stdbool.h>

/* Makes the folder, which is a lab itself. If it is public, it has nothing of hidden criteria. */
int bundle_write(
	const struct lab *lab, const char *folder, bool public, struct error *error);

/* SHA-256 over the names and bytes of lab.yaml and all files in include/ and checks/: equal for a
 * lab and a bundle of all of it. The caller frees it. NULL with the error set. */
char *bundle_hash(const struct lab *lab, struct error *error);

/* The files of a student's folder that came with the handout and are not what the lab hands out,
 * in words: "lab.yaml, checks/work.h". NULL if there is none; the caller frees it. */
char *bundle_changes(const struct lab *lab, const char *folder, struct error *error);

#endif
