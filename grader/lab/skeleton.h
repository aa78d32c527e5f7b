/* SPDX-License-Identifier: MIT */
/*
 * Makes what a student starts from out of the model solution: the lines from one that
 * holds BEGIN SOLUTION to one that holds END SOLUTION become one that asks for their code.
 *
 *	char *skeleton = skeleton_make(solution, "account.c", &error);
 */
#ifndef INTERLOCK_LAB_SKELETON_H
#define INTERLOCK_LAB_SKELETON_H

#include "base/error.h"
#include "lab/lab.h"

/* The skeleton of a solution's text; the caller frees it. NULL with the error set, naming
 * file and line, if the markers do not pair up or there are none. */
char *skeleton_make(const char *solution, const char *file, struct error *error);

/* Writes the skeletons of all of the lab's files to a folder. */
int skeleton_write(const struct lab *lab, const char *folder, struct error *error);

#endif
