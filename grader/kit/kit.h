/* SPDX-License-Identifier: MIT */
/*
 * What a course's platform needs to grade a lab: its own scripts, the program, and the lab without
 * its solution, all pinned by hashes. The scripts are the templates in kit/templates/PLATFORM.
 *
 *	struct kit kit = {.platform = kit_platform("gradescope"), .labs = &lab, .lab_count = 1,
 *		.program = "interlock-0.1.0-x86_64.tar.gz"};
 *	kit_write(&kit, "autograder.zip", &error);
 */
#ifndef INTERLOCK_KIT_KIT_H
#define INTERLOCK_KIT_KIT_H

#include "base/error.h"
#include "lab/lab.h"

#include <stdbool.h>
#include <stddef.h>

struct platform {
	const char *name;
	const char *summary; /* one line for --help */
	const char *place; /* the folder in the kit that the lab and the program go to */
	bool packed;	   /* that folder becomes an archive of its name */
	bool public;	   /* students can read the kit: it has nothing that is hidden */
	bool many;	   /* one kit may be for several labs */
};

/* All platforms, ended by a NULL name; the one with that name, or NULL. */
extern const struct platform platforms[];
const struct platform *kit_platform(const char *name);

struct kit {
	const struct platform *platform;
	struct lab *const *labs; /* at least one */
	size_t lab_count;
	const char *program; /* path of the archive that make tarball makes */
	const char *grading; /* OWNER/NAME of the repository that workflows name */
	const char *ref;     /* its tag */
};

/* Makes the kit at a path that does not exist yet, an archive if the path ends as one. It appears
 * whole or not at all; a public one only if it holds no answer. */
int kit_write(const struct kit *kit, const char *path, struct error *error);

/* Looks whether the archive is the program for this machine's kind: -1 with the error set. */
int kit_check_program(const char *program, struct error *error);

#endif
