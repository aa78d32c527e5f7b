/* SPDX-License-Identifier: MIT */
#include "batch/batch.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "batch/output.h"
#include "command/command.h"
#include "command/grading.h"
#include "report/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct arguments {
	struct grading grading;
	const char *output;
	const char *lab;
	const char *folder;
	int jobs;
};

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "put the reports here (default: reports/out)", 0},
	{"jobs", 'j', "N", 0, "grade N submissions at once (default: one a core)", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	char *end = NULL;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->grading;
		return 0;
	case 'o':
		arguments->output = argument;
		return 0;
	case 'j':
		arguments->jobs = (int)strtol(argument, &end, 10);
		if (end == argument || *end || arguments->jobs < 1 ||
			arguments->jobs > 1024)
			argp_error(state, "--jobs is '%s'; write a number from 1 to 1024",
				argument);
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num > 1)
			argp_error(state, "one class at a time");
		*(state->arg_num == 0 ? &arguments->lab : &arguments->folder) = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->folder)
			argp_error(state, "name a lab and the folder of a class");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{&grading_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "LAB CLASSDIR",
	.doc = "Grade a class in the sandbox: every folder or file in CLASSDIR is a "
	       "submission. Exit codes: 0 all were graded, 2 one or more could not be.",
	.children = children};

static int report_class(
	const struct batch *batch, const char *output, struct error *error)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	const struct result **results = memory_new(batch->count, sizeof(*results));
	size_t count = 0;

	for (size_t i = 0; i < batch->count; i++)
		if (batch->submissions[i].result)
			results[count++] = batch->submissions[i].result;
	struct terminal_options terminal = {
		.colour = isatty(STDOUT_FILENO), .hidden = true, .report = output};
	terminal_write_class(stdout, results, count, &terminal);
	int status = output_write_class(results, count, output, error);
	if (status == 0 && count < batch->count)
		status = error_set(error, "%zu of %zu submissions could not be graded",
			batch->count - count, batch->count);
	free((void *)results);
	return status;
}

int command_batch(int argc, char **argv)
{
	struct arguments arguments = {.grading = GRADING_DEFAULTS,
		.output = "reports/out",
		.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN)};
	struct error error;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	struct batch batch = {.folder = arguments.folder,
		.jobs = arguments.jobs,
		.progress = isatty(STDERR_FILENO)};
	int status = batch_list(&batch, &error);
	if (status == 0)
		status = grading_open(&arguments.grading, arguments.lab, NULL, &error);
	arguments.grading.options.progress = false;
	batch.workshop = arguments.grading.workshop;
	if (status == 0)
		status = batch_run(&batch, arguments.output, &error);
	if (status == 0)
		status = report_class(&batch, arguments.output, &error);
	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	batch_release(&batch);
	grading_close(&arguments.grading);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}
