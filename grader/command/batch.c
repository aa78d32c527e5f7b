/* SPDX-License-Identifier: MIT */
#include "base/interrupt.h"
#include "class/class.h"
#include "class/moment.h"
#include "command/command.h"
#include "command/grading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct grading grading;
	const char *output;
	const char *lab;
	const char *folder;
	const char *roster;
	struct policy policy;
	int jobs;
};

enum { KEY_ROSTER = 0x200, KEY_DUE, KEY_GRACE, KEY_PENALTY, KEY_CAP, KEY_SEVERAL };

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "put the reports here (default: reports/out)", 0},
	{"jobs", 'j', "N", 0, "grade N submissions at once (default: one a core)", 0},
	{"roster", KEY_ROSTER, "FILE", 0,
		"a CSV of who is in the class: columns id, login, email, name, section, "
		"group, due, extension",
		0},
	{"due", KEY_DUE, "TIME", 0,
		"when it was due, as 2026-01-31T23:59:00Z or with +01:00, unless the "
		"roster "
		"says otherwise",
		0},
	{"grace", KEY_GRACE, "MINUTES", 0, "so much later is not late (default: 0)", 0},
	{"penalty", KEY_PENALTY, "PERCENT", 0,
		"a day late costs so much of the lab's points (default: 0)", 0},
	{"cap", KEY_CAP, "PERCENT", 0, "more than this is never taken off (default: 100)",
		0},
	{"several", KEY_SEVERAL, "WHICH", 0,
		"of several hand-ins of one person the newest (the default) or the best "
		"counts",
		0},
	{0}};

static long parse_number(
	const char *option, const char *argument, long most, struct argp_state *state)
{
	char *end = NULL;
	long number = strtol(argument, &end, 10);

	if (end == argument || *end || number < 0 || number > most)
		argp_error(state, "--%s is '%s'; write a number from 0 to %ld", option,
			argument, most);
	return number;
}

static void parse_due(
	struct policy *policy, const char *argument, struct argp_state *state)
{
	long long moment = 0;

	if (!moment_read(argument, &moment))
		argp_error(state,
			"--due is '%s'; write a date, a time and a zone: "
			"2026-01-31T23:59:00Z or 2026-01-31T23:59+01:00",
			argument);
	char *text = moment_text(moment);
	snprintf(policy->due, sizeof(policy->due), "%s", text);
	free(text);
}

/* -1 if it is none of its options. */
static int parse_policy(
	int key, char *argument, struct policy *policy, struct argp_state *state)
{
	switch (key) {
	case KEY_DUE:
		parse_due(policy, argument, state);
		return 0;
	case KEY_GRACE:
		policy->grace_minutes = parse_number("grace", argument, 100000, state);
		return 0;
	case KEY_PENALTY:
		policy->penalty = parse_number("penalty", argument, 100, state);
		return 0;
	case KEY_CAP:
		policy->cap = parse_number("cap", argument, 100, state);
		return 0;
	case KEY_SEVERAL:
		policy->best = strcmp(argument, "best") == 0;
		if (!policy->best && strcmp(argument, "newest") != 0)
			argp_error(state, "--several is '%s'; write newest or best",
				argument);
		return 0;
	default:
		return -1;
	}
}

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
	case 'j':
		arguments->jobs = command_jobs(argument, state);
		return 0;
	case KEY_ROSTER:
		arguments->roster = argument;
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
		return parse_policy(key, argument, &arguments->policy, state)
			       ? ARGP_ERR_UNKNOWN
			       : 0;
	}
}

static const struct argp_child children[] = {{&grading_argp, 0, NULL, 0}, {0}};

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "LAB CLASS",
	.doc = "Grade a class in the sandbox. CLASS is a folder with a folder or file "
	       "for "
	       "each student, or a zip or tar of it, also as Canvas, Moodle and "
	       "Gradescope "
	       "export them. What is done is kept in DIR/class.db: the same command goes "
	       "on "
	       "where it was stopped, and grades again only what has changed. Exit "
	       "codes: 0 "
	       "all were graded, 2 one or more could not be.",
	.children = children};

static int grade_class(
	struct arguments *arguments, struct class *class, struct error *error)
{
	size_t unjudged = 0;
	char *policy = NULL;

	int status = grading_begin(&arguments->grading, arguments->lab, NULL, error);
	arguments->grading.options.progress = false;
	class->lab = arguments->grading.lab;
	class->options = &arguments->grading.options;
	class->only = arguments->grading.only;
	policy = grading_policy(&arguments->grading);
	class->policy = policy;
	if (status == 0)
		status = class_open(class, error);
	if (status == 0 && *class->collection.left_out)
		fprintf(stderr,
			"interlock: left out, since these are no submissions:\n%s",
			class->collection.left_out);
	if (status == 0 && arguments->roster && *class->persons.unknown)
		fprintf(stderr, "interlock: columns of %s that mean nothing here: %s\n",
			arguments->roster, class->persons.unknown);
	bool work = status == 0 && class->cached < class->batch.count;
	if (work)
		status = grading_work(&arguments->grading, error);
	class->workshop = arguments->grading.workshop;
	if (work && status == 0)
		status = class_grade(class, error);
	if (status == 0)
		status = class_report(class->database, class->lab->name, class->output,
			stdout, &unjudged, error);
	if (status == 0 && class->cached > 0)
		printf("  %zu of %zu needed no grading: nothing that they depend on has "
		       "changed.\n",
			class->cached, class->batch.count);
	if (status == 0 && unjudged > 0)
		status = error_set(error, "%zu of %zu submissions could not be graded",
			unjudged, class->batch.count);
	free(policy);
	return status;
}

int command_batch(int argc, char **argv)
{
	struct arguments arguments = {.grading = GRADING_DEFAULTS,
		.output = "reports/out",
		.policy = POLICY_DEFAULTS,
		.jobs = processor_count()};
	struct error error;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	struct class class = {.folder = arguments.folder,
		.output = arguments.output,
		.roster = arguments.roster,
		.late = arguments.policy,
		.jobs = arguments.jobs,
		.progress = true};
	int status = grade_class(&arguments, &class, &error);
	if (fflush(stdout) && status == 0)
		status = error_system(&error, "cannot write the class's text");
	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	class_close(&class);
	grading_close(&arguments.grading);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}
