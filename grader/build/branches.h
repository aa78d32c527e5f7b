/* SPDX-License-Identifier: MIT */
/*
 * Where a submission's code may branch to when the place is computed. gcc makes calls and jumps
 * through pointers, and returns, go through code of ours (play/player/branches.c), which asks
 * the tables made here: each byte of an object's instructions at which a function begins, or
 * to which a call comes back, and the functions of others that the object names.
 *
 *	if (branches_are_guarded(compiler))
 *		char *table = branches_table("student", listing, symbols, false);
 *
 * So an address that was worked out from another, such as mprotect's from printf's, is not
 * reached. Only gcc for x86-64 has such a switch.
 */
#ifndef INTERLOCK_BUILD_BRANCHES_H
#define INTERLOCK_BUILD_BRANCHES_H

#include <stdbool.h>

bool branches_are_guarded(const char *compiler);

/* What gcc is told, NULL at the end: for all that is watched, and for objects whose functions
 * only return to where they were called from. */
const char *const *branches_flags(void);
const char *const *branches_return_flags(void);

/* A linker script by which all instructions of an object come to lie in one section. */
extern const char branches_script[];

/* For objcopy: names the section's beginning, and puts functions that check what they are to
 * call in the place of those that call whatever they are given. NULL at the end. */
const char *const *branches_renames(void);

/* The table, in assembler. The listing is what "objdump -d" says, with no bytes in it; symbols what
 * "nm --format=sysv" does. With `handlers`, signal handlers may return. The caller
 * frees it. */
char *branches_table(
	const char *name, const char *listing, const char *symbols, bool handlers);

/* What is wrong with an object, or NULL: instructions that branch past our code, and calls of
 * functions that stray, by which code goes on where no table knows: a signal's handler gets all
 * registers to change, and a long jump has them in a buffer. Where the lab keeps no notes,
 * `strays` is NULL. The caller frees it. */
char *branches_complaint(
	const char *listing, const char *symbols, bool (*strays)(const char *function));

#endif
