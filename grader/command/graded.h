/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that work on a class that was graded: its database, and its lab.
 *
 *	return graded_class("reports/out", NULL, DATABASE_READ, show, &arguments);
 */
#ifndef INTERLOCK_COMMAND_GRADED_H
#define INTERLOCK_COMMAND_GRADED_H

#include "class/database.h"
#include "class/roll.h"

/* Opens the class in the folder, finds the lab (NULL: the only one), does the work, flushes
 * standard output and says what went wrong. The program's exit code. */
typedef int graded_work(
	struct database *database, const char *lab, void *context, struct error *error);
int graded_class(const char *folder, const char *lab, enum database_use use,
	graded_work *work, void *context);

/* The same, but where no lab is named the work is for all of them, and gets NULL. */
int graded_labs(const char *folder, const char *lab, enum database_use use,
	graded_work *work, void *context);

/* The same as graded_class() with the class's roll. */
typedef int graded_roll_work(struct roll *roll, void *context, struct error *error);
int graded_roll(
	const char *folder, const char *lab, graded_roll_work *work, void *context);

#endif
