/* SPDX-License-Identifier: MIT */
/* What one does with a class that was graded: class, show, adjust. */
#include "class/class.h"
#include "base/memory.h"
#include "command/command.h"
#include "report/terminal.h"

#include <argp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 5 };

struct arguments {
	const char *words[WORDS_MAX];
	unsigned count;
	unsigned wanted;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
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

static const struct argp class_argp = {.parser = parse,
	.args_doc = "DIR",
	.doc = "Make the reports of a class again, from its database DIR/class.db, at "
	       "any "
	       "moment, also after a batch that was interrupted. Exit codes: 0 done, 2 "
	       "not."};

static const struct argp show_argp = {.parser = parse,
	.args_doc = "DIR STUDENT",
	.doc = "Show the report of one student of a class that was graded into DIR."};

static const struct argp adjust_argp = {.parser = parse,
	.args_doc = "DIR STUDENT CRITERION POINTS REASON",
	.doc = "Change the points of one criterion. Who did it, when and why are kept "
	       "and "
	       "shown; the old verdict stays in the database, and the change outlives "
	       "another grading."};

/* The lab that the class was graded by; the caller frees it. */
static char *find_lab(
	struct database *database, const struct arguments *arguments, struct error *error)
{
	char **labs = database_labs(database, error);
	char *lab = labs ? text_copy(labs[0]) : NULL;

	if (labs && !lab)
		error_set(error, "nothing was graded into %s", arguments->words[0]);
	for (size_t i = 0; labs && labs[i]; i++)
		free(labs[i]);
	free((void *)labs);
	return lab;
}

/* Opens the class, finds the lab, does the work, says what went wrong. */
static int with_class(const struct arguments *arguments, enum database_use use,
	int (*work)(struct database *database, const char *lab,
		const struct arguments *arguments, struct error *error))
{
	struct error error;
	struct database *database = database_open(arguments->words[0], use, &error);
	char *lab = database ? find_lab(database, arguments, &error) : NULL;
	int status = lab ? work(database, lab, arguments, &error) : -1;

	if (status == 0 && fflush(stdout))
		status = error_system(&error, "cannot write the report");
	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	free(lab);
	database_close(database);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}

static int make_reports(struct database *database, const char *lab,
	const struct arguments *arguments, struct error *error)
{
	return class_report(database, lab, arguments->words[0], stdout, NULL, error);
}

int command_class(int argc, char **argv)
{
	struct arguments arguments = {.wanted = 1};

	argp_parse(&class_argp, argc, argv, 0, NULL, &arguments);
	return with_class(&arguments, DATABASE_WRITE, make_reports);
}

static int show(struct database *database, const char *lab,
	const struct arguments *arguments, struct error *error)
{
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
	return with_class(&arguments, DATABASE_READ, show);
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

static int adjust(struct database *database, const char *lab,
	const struct arguments *arguments, struct error *error)
{
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
		status = show(database, lab, arguments, error);
	return status;
}

int command_adjust(int argc, char **argv)
{
	struct arguments arguments = {.wanted = 5};

	argp_parse(&adjust_argp, argc, argv, 0, NULL, &arguments);
	return with_class(&arguments, DATABASE_WRITE, adjust);
}
