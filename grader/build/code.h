/* SPDX-License-Identifier: MIT */
/*
 * What a student's own code may say once the preprocessor is done with it: C, and of the
 * compilers' extensions those that are known to leave it visible to the checkers.
 *
 *	char *complaint = code_complaint(lab, headers, own);
 *	if (complaint)
 *		puts(complaint);
 */
#ifndef INTERLOCK_BUILD_CODE_H
#define INTERLOCK_BUILD_CODE_H

#include "lab/lab.h"

/* What is wrong with the code, with its file and line, or NULL; the caller frees it. `headers`
 * is what the preprocessor made of the headers before it, whose names the code may use.
 * Refused are assembler, attributes and pragmas that are not in the lists here, words of the
 * compiler's that are not, jumps to computed places, and code of files that are not handed in. */
char *code_complaint(const struct lab *lab, const char *headers, const char *own);

#endif
