/* SPDX-License-Identifier: MIT */
/*
 * Makes a new lab out of the template: a small whole lab that grades right, to be changed
 * into the one that its author has in mind.
 *
 *	if (fresh_lab("mailbox", "labs/mailbox", &error))
 *		fputs(error.message, stderr);
 */
#ifndef INTERLOCK_SELFTEST_FRESH_H
#define INTERLOCK_SELFTEST_FRESH_H

#include "base/error.h"

/* Makes the folder, which must not exist yet or be empty; it appears whole or not at all.
 * -1 with the error set, also if the name is none for a lab: use a-z, 0-9 and '-'. */
int fresh_lab(const char *name, const char *folder, struct error *error);

#endif
