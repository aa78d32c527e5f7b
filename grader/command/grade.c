/* SPDX-License-Identifier: MIT */
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/text.h"
#include "batch/output.h"
#include "command/command.h"
#include "command/grading.h"
#include "lab/bundle.h"
#include "report/github.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct grading grading;
	const char *output;
	const char *lab;
	char **paths; /* of argv */
	int path_count;
	bool github;
};

enum { KEY_GITHUB = 0x200 };

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "put the reports here (default: reports/out)", 0},
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
	case KEY_GITHUB:
		arguments->github = true;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->lab)
			return ARGP_ERR_UNKNOWN;
		arguments->lab = argument;
		return 0;
	case ARGP_KEY_ARGS:
		arguments->paths = state->argv + state->next;
		arguments->path_count = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		if (arguments->path_count == 0)
			argp_error(state, "name a lab and at least one submission");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{&grading_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "LAB PATH...",
	.doc = "Grade submissions of a lab in the sandbox. LAB is the name of a lab or "
	       "its folder; PATH is a submission: a folder, or the file itself where the "
	       "lab asks for one. Exit codes: 0 all passed, 1 one failed, 2 one could "
	       "not be graded.",
	.children = children};

/* The last part of the path; the whole path where another one ends alike, since the name
 * is also that of the folder for the reports. */
static char *unique_name(const struct arguments *arguments, const char *path)
{
	char *name = submission_name(path);

	for (int i = 0; i < arguments->path_count; i++) {
		if (arguments->paths[i] == path)
			continue;
		char *other = submission_name(arguments->paths[i]);
		if (strcmp(name, other) == 0)
			text_replace(&name, "%s", path);
		free(other);
	}
	return name;
}

/* In a workflow students read along: what is hidden stays so there. */
static int show(const struct arguments *arguments, const struct result *result,
	const char *path, struct error *error)
{
	char *folder = output_folder(arguments->output, result->submission);
	struct terminal_options terminal = terminal_options_of(stdout);
	int status = 0;

	terminal.hidden = !arguments->github;
	terminal.sources = path;
	terminal.report = folder;
	if (arguments->github)
		status = github_write(
			stdout, result, &terminal, getenv("GITHUB_STEP_SUMMARY"), error);
	else
		terminal_write(stdout, result, &terminal);
	fflush(stdout);
	free(folder);
	return status;
}

/* A submission may lie in a folder that was handed out. What was changed there and is not the
 * student's to write was not used, and somebody should know. */
static int note_changes(const struct arguments *arguments, const char *path,
	struct result *result, struct error *error)
{
	const struct lab *lab = arguments->grading.lab;
	struct error trouble = {""};
	char *real = realpath(path, NULL);
	char *changes = real && strcmp(real, lab->folder) != 0
				? bundle_changes(lab, real, &trouble)
				: NULL;

	if (changes)
		text_replace(&result->notice,
			"%s%sThis folder's copy of %s is not what was handed out; the "
			"course's own was used.",
			result->notice ? result->notice : "", result->notice ? " " : "",
			changes);
	free(changes);
	free(real);
	if (!*trouble.message)
		return 0;
	*error = trouble;
	return -1;
}

/* The exit code of one submission. */
static int grade_one(struct arguments *arguments, const char *path, struct error *error)
{
	char *name = unique_name(arguments, path);
	struct result *result = NULL;
	int code = EXIT_TROUBLE;

	if (access(path, F_OK))
		error_system(error, "cannot find the submission %s", path);
	else
		result = grade(arguments->grading.workshop, path, name, error);
	if (result && note_changes(arguments, path, result, error) == 0 &&
		output_write(result, arguments->output, error) == 0 &&
		show(arguments, result, path, error) == 0) {
		code = result->verdict == VERDICT_PASS	 ? EXIT_PASSED
		       : result->verdict == VERDICT_FAIL ? EXIT_FAILED
							 : EXIT_TROUBLE;
	} else {
		fprintf(stderr, "interlock: %s\n", error->message);
	}
	result_free(result);
	free(name);
	return code;
}

int command_grade(int argc, char **argv)
{
	struct arguments arguments = {
		.grading = GRADING_DEFAULTS, .output = "reports/out"};
	struct error error;
	int worst = EXIT_PASSED;

	arguments.github = getenv("GITHUB_ACTIONS") != NULL;
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	char *lab = text_shell(arguments.lab);
	char *path = text_shell(arguments.paths[0]);
	char *again = text_format("interlock grade %s %s", lab, path);
	arguments.grading.options.reports = arguments.output;
	arguments.grading.options.judges = processor_count();
	if (grading_open(&arguments.grading, arguments.lab,
		    arguments.path_count == 1 ? again : NULL, &error)) {
		fprintf(stderr, "interlock: %s\n", error.message);
		worst = EXIT_TROUBLE;
	}
	if (arguments.grading.workshop && arguments.grading.pin)
		printf("Graded by the lab %s, whose files have the hash %s.\n\n",
			arguments.grading.lab->name, arguments.grading.pin);
	for (int i = 0; arguments.grading.workshop && i < arguments.path_count; i++) {
		if (i > 0)
			puts("");
		int code = interrupt_seen()
				   ? EXIT_TROUBLE
				   : grade_one(&arguments, arguments.paths[i], &error);
		worst = code > worst ? code : worst;
	}
	grading_close(&arguments.grading);
	free(again);
	free(path);
	free(lab);
	return worst;
}
