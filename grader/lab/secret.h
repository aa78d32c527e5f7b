/* SPDX-License-Identifier: MIT */
/*
 * Proves that what students are about to get holds no answer: no text of the solution's, of
 * right/ or wrong/, no hidden criterion and no check of one, wherever it was put.
 *
 *	if (secret_look(lab, "handout", &error))
 *		fputs(error.message, stderr);
 *
 * Texts are compared by their lines, whatever the spaces in them: three lines in a row of an
 * answer, or all that stands between two markers, are what a student must not read.
 */
#ifndef INTERLOCK_LAB_SECRET_H
#define INTERLOCK_LAB_SECRET_H

#include "base/error.h"
#include "lab/lab.h"

/* Reads all files below the folder. -1 with the error set, naming the file and the line in
 * it, and whose text that is. */
int secret_look(const struct lab *lab, const char *folder, struct error *error);

#endif
