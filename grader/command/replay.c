/* SPDX-License-Identifier: MIT */
#include "explore/replay.h"

#include "base/columns.h"
#include "base/interrupt.h"
#include "command/command.h"
#include "command/grading.h"
#include "explore/witness.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	.doc = "Compile the program of a witness, or the submission that a report has it "
	       "of, again and run it once, step by step, as the witness says.\vExit "
	       "status: 0 the defect did not show, 1 it did, 2 the program could not be "
	       "run."};

static int show(struct explorer *explorer, const struct witness_file *file,
	const struct program *program, struct error *error)
{
	const struct finding *finding = explorer_main_finding(explorer);
	if (!finding) {
		printf("the %s did not show: the program has changed, or the compiler\n",
			defect_name(file->witness.kind));
		return 0;
	}
	struct symbols *symbols =
		symbols_new(program->path, explorer_load_bias(explorer), error);
	if (!symbols)
		return -1;
	defect_print(stdout, finding, symbols);
	witness_print(stdout, finding, symbols, columns_of(stdout));
	symbols_free(symbols);
	return 1;
}

static int replay(
	const struct witness_file *file, struct program *program, struct error *error)
{
	struct explorer *explorer =
		explorer_replaying(&file->witness, program_spawn, program, error);
	int status = explorer ? 0 : -1;
	while (!status && !interrupt_seen() && explorer_next(explorer))
		status = explorer_run(explorer, error);
	if (interrupt_seen())
		status = error_set(error, "interrupted");
	if (!status)
		status = show(explorer, file, program, error);
	explorer_free(explorer);
	return status;
}

/* The submission of a lab that the witness names, in the sandbox. */
static int replay_lab(const struct witness_file *file, struct error *error)
{
	struct grading grading = GRADING_DEFAULTS;
	char *shown = NULL;
	bool clang = strcmp(file->sources.compiler, "clang") == 0;

	grading.options.compiler = clang ? "clang" : "gcc";
	int status = grading_open(&grading, file->lab, NULL, error);
	if (!status)
		status = grade_replay(grading.workshop, file, &shown, error);
	if (!status && shown)
		fputs(shown, stdout);
	else if (!status)
		printf("the %s did not show: the submission has changed, or the lab, or "
		       "the compiler\n",
			defect_name(file->witness.kind));
	status = status ? -1 : shown != NULL;
	grading_close(&grading);
	free(shown);
	return status;
}

static int replay_program(const struct witness_file *file, struct error *error)
{
	struct program *program = program_build(&file->sources, error);
	int status = program ? replay(file, program, error) : -1;
	program_free(program);
	return status;
}

int command_replay(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct error error;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	struct witness_file *file = witness_load(arguments.path, &error);
	int status = !file	 ? -1
		     : file->lab ? replay_lab(file, &error)
				 : replay_program(file, &error);
	if (status < 0)
		fprintf(stderr, "interlock replay: %s\n", error.message);
	witness_file_free(file);
	return status < 0 ? EXIT_TROUBLE : status > 0 ? EXIT_FAILED : EXIT_PASSED;
}
