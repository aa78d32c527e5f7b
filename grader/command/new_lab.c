/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/paths.h"
#include "base/text.h"
#include "command/command.h"
#include "selftest/fresh.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

struct arguments {
	const char *name;
	const char *folder;
};

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0,
		"the folder to make; it must not exist yet (default: NAME, here)", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->folder = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->name)
			argp_error(state, "one lab at a time");
		arguments->name = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->name)
			argp_error(state, "name the new lab");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "NAME [-o DIR]",
	.doc = "Make the folder of a new lab: small, whole, and grading right, as "
	       "'interlock selftest' shows. Change it into yours, step by step: a guide, "
	       "whose "
	       "place is told then, says how."};

int command_new_lab(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct error error;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	const char *folder = arguments.folder ? arguments.folder : arguments.name;
	if (fresh_lab(arguments.name, folder, &error)) {
		fprintf(stderr, "interlock: %s\n", error.message);
		return EXIT_TROUBLE;
	}
	char *quoted = text_shell(folder);
	char *guide = path_of("share/interlock/labs/README.md");
	printf("%s: a new lab. Test it with: interlock selftest %s\n"
	       "How to make it yours: %s\n",
		folder, quoted, guide);
	free(guide);
	free(quoted);
	return EXIT_PASSED;
}
