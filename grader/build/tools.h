/* SPDX-License-Identifier: MIT */
/*
 * The compiler, the linker and what looks at objects, run in the box on a student's files:
 * what the steps of a build share.
 *
 *	struct arguments arguments = {0};
 *	tools_add_compiler(&arguments, build);
 *	tools_add_sources(&arguments, build->lab, ".c");
 *	return tools_step(build, folder, &arguments, outcome, error);
 */
#ifndef INTERLOCK_BUILD_TOOLS_H
#define INTERLOCK_BUILD_TOOLS_H

#include "build/arguments.h"
#include "build/build.h"

/* The whole path of a program: the box looks up no PATH. The caller frees it. */
char *tools_find(const char *name);

/* What a student's compile may read lies in one folder, so that the box needs to let in
 * nothing else, wherever interlock and the lab are installed: "include" (ours), "lab" (the
 * lab's headers), "lib", and "player.o", the lab's entries. The caller frees the path. */
char *tools_kit(const struct build *build, const char *below);

/* The library of a variant, below the kit. Static. */
const char *tools_library(enum build_variant variant);

/* Runs a tool in the box, in the folder `place`. That it failed is an empty complaint, for
 * others to put into words; *output is what it printed. */
int tools_run(const struct build *build, const char *place, struct arguments *arguments,
	struct build_outcome *outcome, char **output, struct error *error);

/* What a tool says of an object in the folder, however long that is; the caller frees it. NULL
 * if it was not to be had. argv ends with NULL. */
char *tools_inspect(const struct build *build, const char *place, const char *const *argv,
	struct build_outcome *outcome, struct error *error);

/* As tools_run, and keeps what was printed for the student. Releases the arguments. */
int tools_step(const struct build *build, const char *place, struct arguments *arguments,
	struct build_outcome *outcome, struct error *error);

/* The name with another ending; the caller frees it. */
char *tools_ending_in(const char *source, const char *ending);
bool tools_is_source(const char *file);

void tools_add_all(struct arguments *arguments, const char *const *list);

/* The names of the student's .c files, with this ending in the place of theirs. */
void tools_add_sources(
	struct arguments *arguments, const struct lab *lab, const char *ending);

void tools_add_compiler(struct arguments *arguments, const struct build *build);

/* The flags that say where headers are and what they hold. */
void tools_add_headers(struct arguments *arguments, const struct build *build);

/* The flags by which one build differs from the others. */
void tools_add_variant(struct arguments *arguments, const struct build *build,
	enum build_variant variant);

/* Whether the object's branches go through code of ours (build/branches.h). Where objects are
 * not looked at at all, they need not. */
bool tools_guard_branches(const struct build *build, enum build_variant variant);

#endif
