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

/* How a compiler failed, by the exit code, which no submission chooses: gcc's is 4 if it has found
 * a defect of its own, clang's 70. */
enum compiler_end {
	COMPILER_REFUSED, /* the files, as it says */
	COMPILER_KILLED, /* a part of it was ended by a signal: it lacked memory or stack */
	COMPILER_CRASHED, /* by a defect of its own */
};
enum compiler_end diagnostics_compiler_end(const char *text, int exit_code);

/* Whether a part of the compiler names no line of a file, but something that only the file
 * can have asked for: instructions for the assembler, or a file by its whole path. */
bool diagnostics_wish_refused(const char *text);

/* Whether the linker complains of an undefined symbol; its name goes to name. */
bool diagnostics_undefined(const char *text, char *name, size_t size);

#endif
