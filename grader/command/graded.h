/* SPDX-License-Identifier: MIT */
/*
 * What the commands share that work on a class that was graded: their words, its database,
 * and its lab.
 *
 *	struct graded graded = {.least = 2, .most = 2};
 *	argp_parse(&argp, argc, argv, 0, NULL, &graded);
 *	return graded_class(graded.words[0], graded.lab, DATABASE_READ, show, &graded);
 */
#ifndef INTERLOCK_COMMAND_GRADED_H
#define INTERLOCK_COMMAND_GRADED_H

#include "class/database.h"
#include "class/roll.h"

#include <argp.h>

enum { GRADED_WORDS = 5 };

/* The folder of the class, what follows it, and --lab. */
struct graded {
	const char *words[GRADED_WORDS];
	const char *lab;      /* or NULL */
	unsigned count;	      /* of the words given */
	unsigned least, most; /* of those that the command takes: the command's to set */
};

/* A command's .children; its parser hands its struct graded to the first child when
 * it gets ARGP_KEY_INIT, and leaves --lab and words to it. */
extern const struct argp_child graded_words[];

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
