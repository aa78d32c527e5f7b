/* SPDX-License-Identifier: MIT */
/*
 * What a student's source may not do, since the checkers would not see what it does: seen in
 * what the compiler makes of it on the way, the preprocessed text and the assembly.
 *
 *	char *complaint = source_complaint("account.c", preprocessed, assembly);
 *	if (complaint)
 *		puts(complaint);
 */
#ifndef INTERLOCK_BUILD_SOURCE_H
#define INTERLOCK_BUILD_SOURCE_H

/* What is wrong with the file, or NULL; the caller frees it. Refused are assembler, code that
 * says it is another file's (#line), and code that asks not to be instrumented. */
char *source_complaint(const char *file, const char *preprocessed);

#endif
