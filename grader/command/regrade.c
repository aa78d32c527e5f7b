/* SPDX-License-Identifier: MIT */
/* Grades a class, or one of it, again: what would change is shown before it does. */
#include "class/regrade.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/graded.h"
#include "command/grading.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct graded graded; /* the class, and the student or NULL */
	const char *class;
	const char *reason;
	bool all, apply;
	int jobs;
};

enum { KEY_ALL = 0x200, KEY_APPLY, KEY_CLASS, KEY_REASON };

static const struct argp_option options[] = {
	{"apply", KEY_APPLY, NULL, 0,
		"let the new gradings count, and make all reports again", 0},
	{"reason", KEY_REASON, "TEXT", 0,
		"why they count, for the history (with --apply)", 0},
	{"all", KEY_ALL, NULL, 0, "also those for whom nothing has changed", 0},
	{"class", KEY_CLASS, "CLASS", 0,
		"the class is there now (default: where the last batch found it)", 0},
	{"jobs", 'j', "N", 0, "grade N submissions at once (default: one a core)", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case KEY_APPLY:
		arguments->apply = true;
		return 0;
	case KEY_REASON:
		arguments->reason = argument;
		return 0;
	case KEY_ALL:
		arguments->all = true;
		return 0;
	case KEY_CLASS:
		arguments->class = argument;
		return 0;
	case 'j':
		arguments->jobs = command_jobs(argument, state);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->graded;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {.options = options,
	.parser = parse,
	.children = graded_words,
	.args_doc = "DIR [STUDENT]",
	.doc = "Grade the class that was graded into DIR again, as the last batch did: "
	       "those "
	       "for whom the files, the lab or interlock have changed, or one STUDENT. "
	       "Old and "
	       "new scores are shown, those with one reason together. Nothing counts "
	       "before "
	       "--apply; what a person adjusted stays. With nothing changed, another "
	       "score is "
	       "an alarm: both gradings are kept. Exit codes: 0 done, 2 not, or an "
	       "alarm."};

/* As the batch was told. */
static int begin(
	struct grading *grading, const struct class_source *source, struct error *error)
{
	grading->options.compiler = source->compiler;
	grading->options.secret = strtoull(source->secret, NULL, 16);
	grading->only = *source->only ? source->only : NULL;
	if (*source->inputs) {
		grading->inputs = strtoull(source->inputs, NULL, 16);
		grading->options.inputs = &grading->inputs;
	}
	int status = grading_begin(grading, source->folder, NULL, error);
	grading->options.progress = false;
	return status;
}

static int finish(
	struct regrade *regrade, const struct arguments *arguments, struct error *error)
{
	size_t alarms = regrade_alarms(regrade);
	bool changes = regrade_changes(regrade);
	char *text = regrade_text(regrade);
	int status = 0;

	fputs(text, stdout);
	free(text);
	if (changes && arguments->apply)
		status = regrade_apply(regrade,
			arguments->reason ? arguments->reason : "a regrade", error);
	if (status == 0 && (alarms > 0 || arguments->apply))
		status =
			class_remake(regrade->class->database, arguments->graded.words[0],
				regrade->class->lab->name, NULL, error);
	if (status == 0 && changes && !arguments->apply)
		puts("Nothing counts yet: with --apply it does.");
	if (status == 0 && changes && arguments->apply)
		puts("It counts now, and the reports are made again.");
	if (status == 0 && alarms > 0)
		status = error_set(error,
			"%zu got another score with nothing changed; 'interlock show "
			"DIR STUDENT --history' says more",
			alarms);
	return status;
}

/* The labs by which the class is graded besides this one. */
struct others {
	struct lab **labs;
	size_t count;
};

static int open_other(struct others *others, struct database *database, const char *lab,
	struct error *error)
{
	struct class_source source;
	int status = class_source_load(&source, database, lab, error);
	struct lab *opened = status == 0 ? lab_open(source.folder, error) : NULL;

	class_source_release(&source);
	if (!opened)
		return -1;
	others->labs = memory_grow(
		(void *)others->labs, others->count + 1, sizeof(struct lab *));
	others->labs[others->count++] = opened;
	return 0;
}

static int open_others(struct others *others, struct database *database, const char *lab,
	struct error *error)
{
	char **labs = database_labs(database, error);
	int status = labs ? 0 : -1;

	for (size_t i = 0; labs && labs[i]; i++) {
		if (status == 0 && strcmp(labs[i], lab) != 0)
			status = open_other(others, database, labs[i], error);
		free(labs[i]);
	}
	free((void *)labs);
	return status;
}

static void others_release(struct others *others)
{
	for (size_t i = 0; i < others->count; i++)
		lab_close(others->labs[i]);
	free((void *)others->labs);
}

static int regrade(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	struct grading grading = GRADING_DEFAULTS;
	struct class_source source;
	struct class class = {.database = database,
		.options = &grading.options,
		.output = arguments->graded.words[0],
		.jobs = arguments->jobs,
		.progress = true};
	struct regrade regrade = {.class = &class,
		.student = arguments->graded.words[1],
		.again = arguments->all};
	struct others others = {0};
	char *policy = NULL;
	int status = class_source_load(&source, database, lab, error) ||
				     open_others(&others, database, lab, error)
			     ? -1
			     : 0;

	if (status == 0)
		status = begin(&grading, &source, error);
	class.lab = grading.lab;
	class.others = (const struct lab *const *)others.labs;
	class.other_count = others.count;
	class.only = grading.only;
	class.folder = arguments->class ? arguments->class : source.class;
	class.policy = policy = grading_policy(&grading);
	if (status == 0)
		status = regrade_open(&regrade, error);
	if (status == 0 && regrade.wanted > 0)
		status = grading_work(&grading, error);
	class.workshop = grading.workshop;
	if (status == 0)
		status = regrade_grade(&regrade, error);
	if (status == 0)
		status = finish(&regrade, arguments, error);
	regrade_release(&regrade);
	class_close(&class);
	grading_close(&grading);
	class_source_release(&source);
	others_release(&others);
	free(policy);
	return status;
}

int command_regrade(int argc, char **argv)
{
	struct arguments arguments = {
		.graded = {.least = 1, .most = 2}, .jobs = processor_count()};

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	return graded_class(arguments.graded.words[0], arguments.graded.lab,
		DATABASE_WRITE, regrade, &arguments);
}
