/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "class/class.h"
#include "class/moment.h"
#include "command/command.h"
#include "command/grading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 64 };

struct arguments {
	struct grading grading;
	const char *output;
	const char *words[MOST_WORDS]; /* labs, and the class last */
	size_t count;
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
		if (arguments->count == MOST_WORDS)
			argp_error(state, "at most %d labs at a time", MOST_WORDS - 1);
		else
			arguments->words[arguments->count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (arguments->count < 2)
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
	.args_doc = "LAB... CLASS",
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

/* One of the labs by which the class is graded. */
struct course_lab {
	struct grading grading;
	struct class class;
	char *policy;
	char *folder; /* of its reports */
};

struct course_batch {
	struct arguments *arguments;
	struct database *database;
	struct course_lab *labs;
	const struct lab **others; /* for each lab a list of all the others */
	size_t count;
	size_t unjudged, submissions;
};

static int begin_lab(struct course_batch *batch, size_t index, struct error *error)
{
	struct arguments *arguments = batch->arguments;
	struct course_lab *one = &batch->labs[index];

	one->grading = arguments->grading;
	if (one->grading.options.inputs)
		one->grading.options.inputs = &one->grading.inputs;
	int status = grading_begin(&one->grading, arguments->words[index], NULL, error);
	one->grading.options.progress = false;
	one->policy = grading_policy(&one->grading);
	one->class = (struct class){.lab = one->grading.lab,
		.options = &one->grading.options,
		.policy = one->policy,
		.only = one->grading.only,
		.folder = arguments->words[batch->count],
		.roster = arguments->roster,
		.late = arguments->policy,
		.jobs = arguments->jobs,
		.progress = true};
	for (size_t i = 0; status == 0 && i < index; i++)
		if (strcmp(batch->labs[i].class.lab->name, one->class.lab->name) == 0)
			status = error_set(
				error, "the lab %s is named twice", one->class.lab->name);
	return status;
}

static void list_others(struct course_batch *batch)
{
	batch->others = memory_new(batch->count * batch->count + 1, sizeof(struct lab *));
	for (size_t i = 0; i < batch->count; i++) {
		const struct lab **own = batch->others + i * batch->count;
		size_t count = 0;
		for (size_t k = 0; k < batch->count; k++)
			if (k != i)
				own[count++] = batch->labs[k].class.lab;
		batch->labs[i].class.others = own;
		batch->labs[i].class.other_count = count;
	}
}

static bool has_lab(const struct course_batch *batch, const char *name)
{
	for (size_t i = 0; i < batch->count; i++)
		if (strcmp(batch->labs[i].class.lab->name, name) == 0)
			return true;
	return false;
}

/* The reports of one lab lie in the folder itself, those of several in a folder each: what lies
 * there already stays as it is. */
static int check_layout(const struct course_batch *batch, struct error *error)
{
	char **labs = database_labs(batch->database, error);
	bool flat = labs && labs[0] && !labs[1];
	int status = labs ? 0 : -1;

	if (flat && (batch->count > 1 || !has_lab(batch, labs[0])))
		status = error_set(error,
			"%s has the reports of lab %s; name another folder with -o",
			batch->arguments->output, labs[0]);
	for (size_t i = 0; labs && labs[i]; i++)
		free(labs[i]);
	free((void *)labs);
	return status;
}

static int open_lab(struct course_batch *batch, size_t index, struct error *error)
{
	struct class *class = &batch->labs[index].class;
	const char *roster = batch->arguments->roster;

	class->database = batch->database;
	if (class_open(class, error))
		return -1;
	batch->submissions += class->batch.count;
	if (index == 0 && *class->collection.left_out)
		fprintf(stderr,
			"interlock: left out, since these are no submissions:\n%s",
			class->collection.left_out);
	if (index == 0 && roster && *class->persons.unknown)
		fprintf(stderr, "interlock: columns of %s that mean nothing here: %s\n",
			roster, class->persons.unknown);
	return 0;
}

/* Everything that can be wrong before the first grading is told before it. */
static int open_all(struct course_batch *batch, struct error *error)
{
	for (size_t i = 0; i < batch->count; i++)
		if (begin_lab(batch, i, error))
			return -1;
	list_others(batch);
	batch->database = database_open(batch->arguments->output, DATABASE_MAKE, error);
	if (!batch->database || check_layout(batch, error))
		return -1;
	for (size_t i = 0; i < batch->count; i++)
		if (open_lab(batch, i, error))
			return -1;
	for (size_t i = 0; i < batch->count; i++) {
		struct course_lab *one = &batch->labs[i];
		one->folder = class_folder(batch->database, batch->arguments->output,
			one->class.lab->name, error);
		if (!one->folder || folder_make(one->folder, error))
			return -1;
		one->class.output = one->folder;
	}
	return 0;
}

static int grade_lab(struct course_batch *batch, size_t index, struct error *error)
{
	struct course_lab *one = &batch->labs[index];
	struct class *class = &one->class;
	size_t unjudged = 0;
	bool work = class->cached < class->batch.count;

	if (batch->count > 1)
		fprintf(stderr, "%s:\n", class->lab->name);
	int status = work ? grading_work(&one->grading, error) : 0;
	class->workshop = one->grading.workshop;
	if (work && status == 0)
		status = class_grade(class, error);
	if (status == 0)
		status = class_report(class->database, class->lab->name, class->output,
			stdout, &unjudged, error);
	if (status == 0 && class->cached > 0)
		printf("  %zu of %zu needed no grading: nothing that they depend on has "
		       "changed.\n",
			class->cached, class->batch.count);
	batch->unjudged += unjudged;
	return status;
}

static int grade_all(struct course_batch *batch, struct error *error)
{
	for (size_t i = 0; i < batch->count; i++)
		if (grade_lab(batch, i, error))
			return -1;
	if (course_report(batch->database, batch->arguments->output, stdout, error))
		return -1;
	return batch->unjudged > 0
		       ? error_set(error, "%zu of %zu submissions could not be graded",
				 batch->unjudged, batch->submissions)
		       : 0;
}

static void batch_close(struct course_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		class_close(&batch->labs[i].class);
		grading_close(&batch->labs[i].grading);
		free(batch->labs[i].policy);
		free(batch->labs[i].folder);
	}
	free(batch->labs);
	free((void *)batch->others);
	database_close(batch->database);
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
	struct course_batch batch = {.arguments = &arguments,
		.labs = memory_new(arguments.count, sizeof(struct course_lab)),
		.count = arguments.count - 1};
	int status = open_all(&batch, &error);
	if (status == 0)
		status = grade_all(&batch, &error);
	if (fflush(stdout) && status == 0)
		status = error_system(&error, "cannot write the class's text");
	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	batch_close(&batch);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}
