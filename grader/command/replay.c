/* SPDX-License-Identifier: MIT */
#include "explore/replay.h"
#include "command/command.h"
#include "explore/witness.h"

#include <argp.h>
#include <stdio.h>

struct arguments {
	const char *path;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	switch (key) {
	case ARGP_KEY_ARG:
		if (arguments->path)
			argp_error(state, "one witness at a time");
		arguments->path = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name the witness");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {.parser = parse,
	.args_doc = "WITNESS",
	.doc = "Compile the program of a witness again and run it once, step by step, as "
	       "the "
	       "witness says."
	       "\vExit status: 0 the defect did not show, 1 it did, 2 the program could "
	       "not be "
	       "run."};

static int replay(
	const struct witness_file *file, struct program *program, struct error *error)
{
	struct finding finding;
	uint64_t load_bias = 0;
	bool shown;
	int status = witness_replay(file, program, &finding, &shown, &load_bias, error);
	if (status)
		return -1;
	struct symbols *symbols = symbols_new(program->path, load_bias, error);
	if (!symbols) {
		status = -1;
	} else if (shown) {
		defect_print(stdout, &finding, symbols);
		witness_print(stdout, &finding, symbols);
		status = 1;
	} else {
		printf("the %s did not show: the program has changed, or the compiler\n",
			defect_name(file->kind));
	}
	symbols_free(symbols);
	trace_release(&finding.trace);
	return status;
}

int command_replay(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct error error;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	struct witness_file *file = witness_load(arguments.path, &error);
	struct program *program = file ? program_build(&file->sources, &error) : NULL;
	int status = program ? replay(file, program, &error) : -1;
	if (status < 0)
		fprintf(stderr, "interlock replay: %s\n", error.message);
	program_free(program);
	witness_file_free(file);
	return status < 0 ? EXIT_TROUBLE : status > 0 ? EXIT_FAILED : EXIT_PASSED;
}
