/* SPDX-License-Identifier: MIT */
/*
 * Reads what gcc, clang and ld print.
 *
 *	struct diagnostic first;
 *	if (diagnostics_first_error(text, &first))
 *		printf("%s:%ld: %s\n", first.file, first.line, first.message);
 */
#ifndef INTERLOCK_BUILD_DIAGNOSTICS_H
#define INTERLOCK_BUILD_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>

struct diagnostic {
	char file[256];
	long line;
	char message[512];
};

/* The first "FILE:LINE[:COLUMN]: [fatal ]error: MESSAGE". */
bool diagnostics_first_error(const char *text, struct diagnostic *first);

/* Whether the compiler says that it, or a program it started, did not end by itself. */
bool diagnostics_compiler_crashed(const char *text);

/* Whether a part of the compiler names no line of a file, but something that only the file
 * can have asked for: instructions for the assembler, or a file by its whole path. */
bool diagnostics_wish_refused(const char *text);

/* Whether the linker complains of an undefined symbol; its name goes to name. */
bool diagnostics_undefined(const char *text, char *name, size_t size);

#endif
