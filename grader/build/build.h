/* SPDX-License-Identifier: MIT */
/*
 * Builds the programs that a lab and a submission are made into: the lab's checks, once,
 * and the player of each submission, once for each way of running it.
 *
 *	struct build build = {.lab = lab, .lab_folder = a, .folder = b, .tier = tier};
 *	struct build_outcome outcome;
 *	if (build_lab(&build, &error) || build_player(&build, BUILD_FORK, &outcome,
 *&error)) return -1;	(our fault) if (outcome.complaint) puts(outcome.diagnostics);
 * (the student's)
 *
 * The compiler runs in the box: it reads what the student wrote, and includes what that
 * names. The student's files go through the preprocessor once; each build compiles what that
 * left, so that no directive tells them apart. They become one object in which only the lab's interface is
 * visible to the linker, so that a function of theirs cannot take the place of one of
 * ours.
 */
#ifndef INTERLOCK_BUILD_BUILD_H
#define INTERLOCK_BUILD_BUILD_H

#include "base/error.h"
#include "base/guard.h"
#include "lab/lab.h"
#include "sandbox/box.h"

enum build_variant {
	BUILD_FORK,    /* optimised, processes by fork */
	BUILD_THREADS, /* processes are threads, for helgrind */
	BUILD_EXPLORE, /* instrumented, for the explorer */
	BUILD_VARIANTS
};

struct build {
	const struct lab *lab;
	const char *lab_folder; /* where build_lab puts its files; never shown to a box */
	const char *folder; /* has the student's files, gets the player; the box's own */
	const char *compiler; /* "gcc" or "clang", or a path */
	enum box_tier tier;
	bool trusted;	  /* no box: a person's own desk */
	unsigned without; /* guards to leave out; only tests do (base/guard.h) */
	/* Whether the explorer follows a function; NULL: any of C may be called. */
	bool (*follows)(const char *function);
	/* Whether code goes on elsewhere when it has called it; NULL: nobody knows of any. */
	bool (*strays)(const char *function);
	/* The processor time of the tools, in ms, is added there: what a submission's files
	 * cost is theirs. NULL: it is nobody's. */
	long *spent_ms;
};

/* What came of building the student's files. Strings are owned and may be NULL. */
struct build_outcome {
	char *complaint; /* why there is no program, in one sentence; NULL if there is */
	char *file;	 /* where the first error is */
	long line;
	char *diagnostics; /* what the compiler and the linker printed, raw bytes */
	int exit_code; /* of the tool that failed last; 128 and more: a signal ended it */
};

/* Compiles checks/checks.c to lab_folder/checks.so and checks/player.c to
 * lab_folder/kit/player.o. The error carries the compiler's words. */
int build_lab(const struct build *build, struct error *error);

/* Builds the player in a folder of its own, build_place(folder, variant). 0 if the student's files
 * could be judged, -1 with the error set if we failed. Call build_outcome_release in both
 * cases. */
int build_player(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error);
void build_outcome_release(struct build_outcome *outcome);

/* The folder of a variant's player, below the submission's; the caller frees it. In each of
 * them files have the same names. */
char *build_place(const char *folder, enum build_variant variant);

/* The player's name in its folder. */
#define BUILD_PROGRAM "player"

/* The first line of what a tool of /usr/bin says to --version, NULL if it does not start; and
 * of the build's compiler. The caller frees it. */
char *build_tool_version(const char *name);
char *build_toolchain(const struct build *build);

#endif
