/* SPDX-License-Identifier: MIT */
/*
 * Makes the folder that a student starts from: itself a lab, without solution and wrong
 * submissions, in which `make check` judges the student's own files.
 *
 *	if (handout_write(lab, "critical-section", &error))
 *		fputs(error.message, stderr);
 */
#ifndef INTERLOCK_LAB_HANDOUT_H
#define INTERLOCK_LAB_HANDOUT_H

#include "base/error.h"
#include "lab/lab.h"

/* Makes the folder, which must not exist yet or be empty: the handout text, lab.yaml
 * without hidden criteria, headers, checks but those in files called hidden, skeletons and a
 * Makefile. It appears whole or not at all, and only if it holds no answer (lab/secret.h). */
int handout_write(struct lab *lab, const char *folder, struct error *error);

#endif
