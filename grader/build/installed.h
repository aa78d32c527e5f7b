/* SPDX-License-Identifier: MIT */
/*
 * What interlock needs of the machine to build and to judge: told at once and by the names
 * that the package manager knows, not when the first step fails.
 *
 *	if (installed_check("", "gcc", true, &error))
 *		fputs(error.message, stderr);
 */
#ifndef INTERLOCK_BUILD_INSTALLED_H
#define INTERLOCK_BUILD_INSTALLED_H

#include "base/error.h"

#include <stdbool.h>

/* Looks below root ("" for the machine itself) for this compiler and all that goes with it,
 * and for valgrind if helgrind is to run. -1 with the error set, which says what to install. */
int installed_check(
	const char *root, const char *compiler, bool helgrind, struct error *error);

#endif
