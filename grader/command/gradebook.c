/* SPDX-License-Identifier: MIT */
/* Where the grades of a class go: gradebook, feedback. */
#include "class/gradebook.h"

#include "base/file.h"
#include "base/memory.h"
#include "class/feedback.h"
#include "command/command.h"
#include "command/graded.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arguments {
	struct graded graded; /* the class, and for one of the two the downloaded file */
	const char *output;
	struct gradebook gradebook;
};

static const char *const kinds[WORKSHEET_COLUMNS] = {
	[WORKSHEET_IDENTIFIER] = "identifier",
	[WORKSHEET_GRADE] = "grade",
	[WORKSHEET_MAXIMUM] = "maximum",
	[WORKSHEET_EDITABLE] = "editable",
	[WORKSHEET_MODIFIED] = "modified",
	[WORKSHEET_FEEDBACK] = "feedback",
	[WORKSHEET_NAME] = "name",
};

static const struct argp_option gradebook_options[] = {
	{"output", 'o', "FILE", 0, "write it there, not to standard output", 0},
	{"column", 'c', "NAME", 0,
		"Canvas: the assignment's column. Moodle in another language: KIND=NAME, "
		"where KIND is identifier, grade, maximum, editable, modified, feedback "
		"or name",
		0},
	{0}};

static const struct argp_option feedback_options[] = {
	{"output", 'o', "FOLDER", 0, "make this folder (needed)", 0}, {0}};

static void parse_column(struct gradebook *gradebook, const char *argument)
{
	for (int i = 0; i < WORKSHEET_COLUMNS; i++) {
		size_t length = strlen(kinds[i]);
		if (strncmp(argument, kinds[i], length) == 0 && argument[length] == '=') {
			gradebook->names[i] = argument + length + 1;
			return;
		}
	}
	gradebook->column = argument;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->output = argument;
		return 0;
	case 'c':
		parse_column(&arguments->gradebook, argument);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->graded;
		return 0;
	case ARGP_KEY_END:
		if (arguments->graded.most == 2 && arguments->graded.count == 1)
			argp_error(state, "name the file that was downloaded, too");
		else if (arguments->graded.most == 1 && !arguments->output)
			argp_error(state, "name the folder to make, with -o");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp gradebook_argp = {.options = gradebook_options,
	.parser = parse,
	.children = graded_words,
	.args_doc = "DIR FILE.csv",
	.doc = "Fill in a gradebook that was downloaded from Canvas (Grades, Export), or "
	       "the "
	       "grading worksheet of a Moodle assignment, with the points of the class "
	       "that "
	       "was graded into DIR; upload what it writes there. What could not be "
	       "filled "
	       "in is told on standard error. Exit codes: 0 every grade has its row, 2 "
	       "one "
	       "or more have not."};

static const struct argp feedback_argp = {.options = feedback_options,
	.parser = parse,
	.children = graded_words,
	.args_doc = "DIR",
	.doc = "Make a folder with the report of each student of the class that was "
	       "graded "
	       "into DIR, named as Canvas and Moodle take them back as a zip. Hidden "
	       "criteria "
	       "are not in it."};

static int write_text(const char *text, const char *output, struct error *error)
{
	if (output)
		return file_replace(output, text, strlen(text), error);
	if (fputs(text, stdout) < 0 || fflush(stdout))
		return error_system(error, "cannot write the gradebook");
	return 0;
}

static int fill(struct roll *roll, void *context, struct error *error)
{
	struct arguments *arguments = context;
	struct gradebook *gradebook = &arguments->gradebook;
	int status = gradebook_fill(gradebook, arguments->graded.words[1], roll, error);

	if (status == 0)
		status = write_text(gradebook->text, arguments->output, error);
	if (status == 0)
		fprintf(stderr, "%s%zu filled in.\n", gradebook->notes,
			gradebook->filled);
	if (status == 0 && gradebook->missing > 0)
		status = error_set(error, "%zu of the class have no row in %s",
			gradebook->missing, arguments->graded.words[1]);
	gradebook_release(gradebook);
	return status;
}

int command_gradebook(int argc, char **argv)
{
	struct arguments arguments = {.graded = {.least = 1, .most = 2}};

	argp_parse(&gradebook_argp, argc, argv, 0, NULL, &arguments);
	return graded_roll(
		arguments.graded.words[0], arguments.graded.lab, fill, &arguments);
}

static int write_feedback(struct roll *roll, void *context, struct error *error)
{
	const struct arguments *arguments = context;

	if (feedback_write(roll, arguments->output, error))
		return -1;
	printf("%zu reports in %s: zip it and upload it there.\n", roll->hand_in_count,
		arguments->output);
	return fflush(stdout) ? error_system(error, "cannot write") : 0;
}

int command_feedback(int argc, char **argv)
{
	struct arguments arguments = {.graded = {.least = 1, .most = 1}};

	argp_parse(&feedback_argp, argc, argv, 0, NULL, &arguments);
	return graded_roll(arguments.graded.words[0], arguments.graded.lab,
		write_feedback, &arguments);
}
