/* SPDX-License-Identifier: MIT */
#include "lab/handout.h"
#include "base/error.h"
#include "command/command.h"
#include "lab/lab.h"

#include <argp.h>
#include <stdio.h>

struct arguments {
	const char *lab;
	const char *folder;
};

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "the folder to make; it must not exist yet", 0}, {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->folder = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->lab)
			argp_error(state, "one lab at a time");
		arguments->lab = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->lab || !arguments->folder)
			argp_error(state, "name the lab, and with -o the folder to make");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "LAB -o DIR",
	.doc = "Make the folder that a student starts from: the handout, the skeleton of "
	       "each file, headers, checks, and a Makefile whose 'make check' judges the "
	       "student's work. LAB is the name of a lab or its folder."};

int command_handout(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct error error;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	struct lab *lab = lab_open(arguments.lab, &error);
	int status = lab ? handout_write(lab, arguments.folder, &error) : -1;

	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	else
		printf("%s: the handout of %s\n", arguments.folder, lab->title);
	lab_close(lab);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}
