/* SPDX-License-Identifier: MIT */
/* What one does with a class that was graded: class, show, adjust. */
#include "class/class.h"
#include "base/memory.h"
#include "class/history.h"
#include "command/command.h"
#include "command/graded.h"
#include "report/terminal.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct graded graded; /* the class first, then the student */
	bool history;
	long grading; /* of the history, from 1; 0: what counts */
};

enum { KEY_HISTORY = 0x200, KEY_GRADING };

static const struct argp_option show_options[] = {
	{"history", KEY_HISTORY, NULL, 0,
		"list what counted and what was changed: who, when and why", 0},
	{"grading", KEY_GRADING, "N", 0,
		"show the grading with this number in the history, as it was made", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case KEY_HISTORY:
		arguments->history = true;
		return 0;
	case KEY_GRADING:
		arguments->grading = strtol(argument, NULL, 10);
		if (arguments->grading < 1)
			argp_error(state,
				"--grading is '%s'; write a number of --history",
				argument);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->graded;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp class_argp = {.parser = parse,
	.children = graded_words,
	.args_doc = "DIR",
	.doc = "Make the reports of a class again, from its database DIR/class.db, at "
	       "any "
	       "moment, also after a batch that was interrupted. Exit codes: 0 done, 2 "
	       "not."};

static const struct argp show_argp = {.options = show_options,
	.parser = parse,
	.children = graded_words,
	.args_doc = "DIR STUDENT",
	.doc = "Show the report of one student of a class that was graded into DIR."};

static const struct argp adjust_argp = {.parser = parse,
	.children = graded_words,
	.args_doc = "DIR STUDENT CRITERION POINTS REASON",
	.doc = "Change the points of one criterion. Who did it, when and why are kept "
	       "and "
	       "shown; the old verdict stays in the database, and the change outlives "
	       "another grading."};

static int make_reports(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	return class_remake(database, arguments->graded.words[0], lab, stdout, error);
}

int command_class(int argc, char **argv)
{
	struct arguments arguments = {.graded = {.least = 1, .most = 1}};

	argp_parse(&class_argp, argc, argv, 0, NULL, &arguments);
	return graded_labs(arguments.graded.words[0], arguments.graded.lab,
		DATABASE_WRITE, make_reports, &arguments);
}

/* The grading with that number in the history. */
static struct result *old_result(struct database *database, const struct history *history,
	const struct arguments *arguments, struct error *error)
{
	size_t number = (size_t)arguments->grading;

	if (number > history->count) {
		error_set(error, "%s has %zu gradings", arguments->graded.words[1],
			history->count);
		return NULL;
	}
	struct result *result =
		database_grading(database, history->gradings[number - 1].key, error);
	if (result)
		text_replace(&result->submission, "%s", arguments->graded.words[1]);
	return result;
}

static void print_result(const struct result *result)
{
	struct terminal_options terminal = terminal_options_of(stdout);

	terminal.hidden = true;
	terminal_write(stdout, result, &terminal);
}

static int show(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	struct result *result =
		database_result(database, lab, arguments->graded.words[1], error);

	if (!result)
		return -1;
	print_result(result);
	result_free(result);
	return 0;
}

static int show_history(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	struct result *result = NULL;
	struct history history;
	int status =
		history_read(&history, database, lab, arguments->graded.words[1], error);

	if (status == 0 && arguments->grading > 0) {
		result = old_result(database, &history, arguments, error);
		status = result ? 0 : -1;
	}
	if (result)
		print_result(result);
	if (status == 0 && arguments->history) {
		char *text = history_text(&history);
		fputs(text, stdout);
		free(text);
	}
	result_free(result);
	history_release(&history);
	return status;
}

int command_show(int argc, char **argv)
{
	struct arguments arguments = {.graded = {.least = 2, .most = 2}};

	argp_parse(&show_argp, argc, argv, 0, NULL, &arguments);
	bool old = arguments.history || arguments.grading > 0;
	return graded_class(arguments.graded.words[0], arguments.graded.lab,
		DATABASE_READ, old ? show_history : show, &arguments);
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
	char *end = NULL;
	struct adjustment adjustment = {.lab = lab,
		.student = arguments->graded.words[1],
		.criterion = arguments->graded.words[2],
		.points = strtol(arguments->graded.words[3], &end, 10),
		.reason = arguments->graded.words[4],
		.author = database_author(database)};
	struct result *result = database_result(database, lab, adjustment.student, error);
	long most = result ? maximum(result, adjustment.criterion, error) : -1;
	int status = most < 0 ? -1 : 0;

	if (status == 0 && (*end || end == arguments->graded.words[3] ||
				   adjustment.points < 0 || adjustment.points > most))
		status = error_set(error, "the points are '%s'; %s is worth 0 to %ld",
			arguments->graded.words[3], adjustment.criterion, most);
	if (status == 0 && !*adjustment.reason)
		status = error_set(error, "give a reason: the student reads it");
	result_free(result);
	if (status == 0)
		status = database_adjust(database, &adjustment, error);
	if (status == 0)
		status = class_remake(
			database, arguments->graded.words[0], lab, NULL, error);
	if (status == 0)
		status = show(database, lab, context, error);
	return status;
}

int command_adjust(int argc, char **argv)
{
	struct arguments arguments = {.graded = {.least = 5, .most = 5}};

	argp_parse(&adjust_argp, argc, argv, 0, NULL, &arguments);
	return graded_class(arguments.graded.words[0], arguments.graded.lab,
		DATABASE_WRITE, adjust, &arguments);
}
