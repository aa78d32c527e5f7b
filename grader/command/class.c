/* SPDX-License-Identifier: MIT */
/* What one does with a class that was graded: class, show, adjust. */
#include "class/class.h"
#include "base/memory.h"
#include "command/command.h"
#include "command/graded.h"
#include "report/terminal.h"

#include <argp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 5 };

struct arguments {
	const char *words[WORDS_MAX]; /* the folder first */
	const char *lab;
	unsigned count;
	unsigned wanted;
};

static const struct argp_option options[] = {
	{"lab", 'l', "LAB", 0, "of a class that was graded by several labs, this one", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'l':
		arguments->lab = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->count == arguments->wanted)
			argp_error(state, "'%s' is one argument too many", argument);
		else
			arguments->words[arguments->count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (arguments->count < arguments->wanted)
			argp_error(state, "it takes %u arguments, not %u",
				arguments->wanted, arguments->count);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp class_argp = {.options = options,
	.parser = parse,
	.args_doc = "DIR",
	.doc = "Make the reports of a class again, from its database DIR/class.db, at "
	       "any "
	       "moment, also after a batch that was interrupted. Exit codes: 0 done, 2 "
	       "not."};

static const struct argp show_argp = {.options = options,
	.parser = parse,
	.args_doc = "DIR STUDENT",
	.doc = "Show the report of one student of a class that was graded into DIR."};

static const struct argp adjust_argp = {.options = options,
	.parser = parse,
	.args_doc = "DIR STUDENT CRITERION POINTS REASON",
	.doc = "Change the points of one criterion. Who did it, when and why are kept "
	       "and "
	       "shown; the old verdict stays in the database, and the change outlives "
	       "another grading."};

static int make_reports(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	return class_report(database, lab, arguments->words[0], stdout, NULL, error);
}

int command_class(int argc, char **argv)
{
	struct arguments arguments = {.wanted = 1};

	argp_parse(&class_argp, argc, argv, 0, NULL, &arguments);
	return graded_class(arguments.words[0], arguments.lab, DATABASE_WRITE,
		make_reports, &arguments);
}

static int show(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	struct terminal_options terminal = {
		.colour = isatty(STDOUT_FILENO), .hidden = true};
	struct result *result =
		database_result(database, lab, arguments->words[1], error);

	if (!result)
		return -1;
	terminal_write(stdout, result, &terminal);
	result_free(result);
	return 0;
}

int command_show(int argc, char **argv)
{
	struct arguments arguments = {.wanted = 2};

	argp_parse(&show_argp, argc, argv, 0, NULL, &arguments);
	return graded_class(
		arguments.words[0], arguments.lab, DATABASE_READ, show, &arguments);
}

/* The criterion's maximum; -1 with the error set, naming those there are. */
static long maximum(
	const struct result *result, const char *criterion, struct error *error)
{
	int index = result_find(result, criterion);

	if (index >= 0)
		return result->criteria[index].max_points;
	error_set(error, "there is no criterion %s; there are", criterion);
	for (size_t i = 0; i < result->criterion_count; i++) {
		size_t length = strlen(error->message);
		snprintf(error->message + length, sizeof(error->message) - length,
			"%s %s", i > 0 ? "," : "", result->criteria[i].name);
	}
	return -1;
}

static int adjust(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	const struct passwd *user = getpwuid(getuid());
	char *end = NULL;
	struct adjustment adjustment = {.lab = lab,
		.student = arguments->words[1],
		.criterion = arguments->words[2],
		.points = strtol(arguments->words[3], &end, 10),
		.reason = arguments->words[4],
		.author = user ? user->pw_name : "unknown"};
	struct result *result = database_result(database, lab, adjustment.student, error);
	long most = result ? maximum(result, adjustment.criterion, error) : -1;
	int status = most < 0 ? -1 : 0;

	if (status == 0 && (*end || end == arguments->words[3] || adjustment.points < 0 ||
				   adjustment.points > most))
		status = error_set(error, "the points are '%s'; %s is worth 0 to %ld",
			arguments->words[3], adjustment.criterion, most);
	if (status == 0 && !*adjustment.reason)
		status = error_set(error, "give a reason: the student reads it");
	result_free(result);
	if (status == 0)
		status = database_adjust(database, &adjustment, error);
	if (status == 0)
		status = class_report(
			database, lab, arguments->words[0], NULL, NULL, error);
	if (status == 0)
		status = show(database, lab, context, error);
	return status;
}

int command_adjust(int argc, char **argv)
{
	struct arguments arguments = {.wanted = 5};

	argp_parse(&adjust_argp, argc, argv, 0, NULL, &arguments);
	return graded_class(
		arguments.words[0], arguments.lab, DATABASE_WRITE, adjust, &arguments);
}
