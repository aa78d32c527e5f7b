/* SPDX-License-Identifier: MIT */
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "batch/output.h"
#include "command/command.h"
#include "command/grading.h"
#include "report/github.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* More than nearly every lab has criteria, so that all are judged at once: a mistake shows
 * early in the criterion that is about it, and somebody waits to know. */
enum { MOST_JUDGES = 16 };

struct arguments {
	struct grading grading;
	const char *folder;
	const char *output; /* where reports are put, or NULL */
	bool boxed;
	bool github;
};

enum { KEY_SANDBOX = 0x200, KEY_GITHUB };

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "put the reports here, in a folder of the lab's name",
		0},
	{"sandbox", KEY_SANDBOX, NULL, 0, "run in the sandbox, as a grading does", 0},
	{"github", KEY_GITHUB, NULL, 0,
		"annotate the lines and sum up the step, in a GitHub workflow (default "
		"there)",
		0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->grading;
		return 0;
	case 'o':
		arguments->output = argument;
		return 0;
	case KEY_SANDBOX:
		arguments->boxed = true;
		return 0;
	case KEY_GITHUB:
		arguments->github = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 0)
			argp_error(state, "one folder at a time");
		arguments->folder = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{&grading_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "[FOLDER]",
	.doc = "Check your own work in a lab's folder (the one with lab.yaml), the "
	       "present folder if none is named. It needs no sandbox, since the code is "
	       "your own. Exit codes: 0 all holds, 1 something does not, 2 it could not "
	       "be checked.",
	.children = children};

static int show(const struct arguments *arguments, const struct result *result,
	struct error *error)
{
	struct terminal_options terminal = terminal_options_of(stdout);

	terminal.sources = arguments->folder;
	if (arguments->output && output_write(result, arguments->output, error))
		return -1;
	char *report = arguments->output
			       ? output_folder(arguments->output, result->submission)
			       : NULL;
	int status = 0;
	terminal.report = report;
	if (arguments->github)
		status = github_write(
			stdout, result, &terminal, getenv("GITHUB_STEP_SUMMARY"), error);
	else
		terminal_write(stdout, result, &terminal);
	free(report);
	return status;
}

static int check(struct arguments *arguments, struct error *error)
{
	struct grading *grading = &arguments->grading;
	char *folder = text_shell(arguments->folder);
	char *again = arguments->folder[0] == '.' && !arguments->folder[1]
			      ? text_copy("interlock check")
			      : text_format("interlock check %s", folder);
	struct result *result = NULL;
	int code = EXIT_TROUBLE;

	if (grading_open(grading, arguments->folder, again, error) == 0) {
		char *name = submission_name(arguments->folder);
		result = grade(grading->workshop, arguments->folder, name, error);
		free(name);
	}
	if (result && show(arguments, result, error) == 0) {
		code = result->verdict == VERDICT_PASS	 ? EXIT_PASSED
		       : result->verdict == VERDICT_FAIL ? EXIT_FAILED
							 : EXIT_TROUBLE;
	} else {
		fprintf(stderr, "interlock: %s\n", error->message);
	}
	result_free(result);
	grading_close(grading);
	free(again);
	free(folder);
	return code;
}

int command_check(int argc, char **argv)
{
	struct arguments arguments = {.grading = GRADING_DEFAULTS, .folder = "."};
	struct error error;

	arguments.github = getenv("GITHUB_ACTIONS") != NULL;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	arguments.grading.options.trusted = !arguments.boxed;
	arguments.grading.options.judges = MOST_JUDGES;
	arguments.grading.options.reports = arguments.output;
	interrupt_catch();
	return check(&arguments, &error);
}
