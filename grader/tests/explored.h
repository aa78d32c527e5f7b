/* SPDX-License-Identifier: MIT */
/*
 * Programs of grader/tests/explore, explored to the end.
 *
 *	struct program *program = fixture_build("account.c", "-DLOCK", NULL);
 *	struct explorer *explorer = explored_whole(program, &explore_defaults);
 */
#ifndef INTERLOCK_TESTS_EXPLORED_H
#define INTERLOCK_TESTS_EXPLORED_H

#include "suite.h"

#include "explore/explore.h"
#include "explore/program.h"

#include <string.h>

enum { FIXTURE_WORDS = 8 };

/* Flags are separated by blanks; compiler NULL: the usual one. The library is at hand. */
static inline struct program *fixture_build(
	const char *file, const char *flags, const char *compiler)
{
	struct error error;
	/* make check runs the tests at the top of the repository */
	char *files[] = {text_format("grader/tests/explore/%s", file),
		path_of("lib/interlock/libmp-explore.a")};
	char *copy = text_format("-Ireference/include %s", flags);
	char *words[FIXTURE_WORDS] = {0}, *rest = NULL;
	int count = 0;
	for (char *word = strtok_r(copy, " ", &rest); word && count < FIXTURE_WORDS;
		word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	struct program_sources sources = {.files = files,
		.files_count = 2,
		.flags = words,
		.flags_count = count,
		.compiler = compiler};
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s %s: %s", file, flags, error.message);
	free(copy);
	free(files[0]);
	free(files[1]);
	return program;
}

static inline struct explorer *explored_whole(
	struct program *program, const struct explore_options *options)
{
	struct error error;
	struct explorer *explorer = explorer_new(options, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	while (explorer_next(explorer))
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
	ck_assert_str_eq(explorer_divergence(explorer), "");
	return explorer;
}

#endif
