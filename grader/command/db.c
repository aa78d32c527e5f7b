/* SPDX-License-Identifier: MIT */
/* What is in a class's database: db, statistics. */
#include "class/question.h"

#include "base/file.h"
#include "base/memory.h"
#include "class/statistics.h"
#include "command/command.h"
#include "command/graded.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct graded
		graded; /* the class, and the name of the question or table, or NULL */
	const char *output;
	const char *format;
	bool sql;
};

enum { KEY_SQL = 0x200 };

static const struct argp_option db_options[] = {
	{"format", 'f', "NAME", 0, "text (the default), csv or json", 0},
	{"output", 'o', "FILE", 0, "replace this file (default: standard output)", 0},
	{"sql", KEY_SQL, NULL, 0, "print the question in SQL, not its answer", 0}, {0}};

static const struct argp_option statistics_options[] = {
	{"output", 'o', "FILE", 0, "replace this file (default: standard output)", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'f':
		arguments->format = argument;
		if (strcmp(argument, "text") != 0 && strcmp(argument, "csv") != 0 &&
			strcmp(argument, "json") != 0)
			argp_error(state, "--format is '%s'; write text, csv or json",
				argument);
		return 0;
	case 'o':
		arguments->output = argument;
		return 0;
	case KEY_SQL:
		arguments->sql = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->graded;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp db_argp = {.options = db_options,
	.parser = parse,
	.children = graded_words,
	.args_doc = "DIR [QUESTION|TABLE]",
	.doc = "Answer a question from the database of the class that was graded into "
	       "DIR, or "
	       "export one of its tables. Without a name, the questions and tables are "
	       "listed."};

static const struct argp statistics_argp = {.options = statistics_options,
	.parser = parse,
	.children = graded_words,
	.args_doc = "DIR",
	.doc = "Say of the class that was graded into DIR: what could not be judged, how "
	       "the "
	       "points are distributed, which criteria fail most, who made the same "
	       "mistake, "
	       "whose answers are alike."};

static int put(const char *text, const char *output, struct error *error)
{
	if (output)
		return file_replace(output, text, strlen(text), error);
	fputs(text, stdout); /* graded_class() looks whether that went well */
	return 0;
}

static int list(const struct arguments *arguments, struct error *error)
{
	static const char tables[] = "lab, submission, grading, criterion, evidence, "
				     "adjustment, history, person, policy, source, "
				     "disagreement, fingerprint, counted";
	char *questions = question_list();
	char *text = text_format("Questions:\n%s\nTables: %s\n", questions, tables);
	int status = put(text, arguments->output, error);

	free(text);
	free(questions);
	return status;
}

static int print_sql(const struct arguments *arguments, struct error *error)
{
	char *sql = question_sql(arguments->graded.words[1]);
	char *text = sql ? text_format("%s\n", sql) : NULL;
	int status = text ? put(text, arguments->output, error)
			  : error_set(error, "there is no question '%s'",
				    arguments->graded.words[1]);

	free(text);
	free(sql);
	return status;
}

static int ask(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	struct answer answer;

	if (!arguments->graded.words[1])
		return list(arguments, error);
	if (arguments->sql)
		return print_sql(arguments, error);
	int status =
		question_ask(&answer, database, lab, arguments->graded.words[1], error);
	if (status == 0) {
		char *text = strcmp(arguments->format, "csv") == 0 ? answer_csv(&answer)
			     : strcmp(arguments->format, "json") == 0
				     ? answer_json(&answer)
				     : answer_text(&answer);
		status = put(text, arguments->output, error);
		free(text);
	}
	answer_release(&answer);
	return status;
}

int command_db(int argc, char **argv)
{
	struct arguments arguments = {
		.graded = {.least = 1, .most = 2}, .format = "text"};

	argp_parse(&db_argp, argc, argv, 0, NULL, &arguments);
	return graded_class(arguments.graded.words[0], arguments.graded.lab,
		DATABASE_READ, ask, &arguments);
}

static int show_statistics(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct arguments *arguments = context;
	char *text = statistics_text(database, lab, error);
	int status = text ? put(text, arguments->output, error) : -1;

	free(text);
	return status;
}

int command_statistics(int argc, char **argv)
{
	struct arguments arguments = {.graded = {.least = 1, .most = 1}};

	argp_parse(&statistics_argp, argc, argv, 0, NULL, &arguments);
	return graded_class(arguments.graded.words[0], arguments.graded.lab,
		DATABASE_READ, show_statistics, &arguments);
}
