/* SPDX-License-Identifier: MIT */
#include "kit/kit.h"
#include "base/buffer.h"
#include "base/memory.h"
#include "command/command.h"
#include "kit/course.h"
#include "lab/bundle.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LABS = 64, KEY_PROGRAM = 0x200, KEY_GRADING, KEY_REF, KEY_LABS };

struct arguments {
	const struct platform *platform; /* of kit */
	const char *output;		 /* of kit by -o, of course by its name */
	const char *program;
	const char *grading;
	const char *ref;
	const char *names[MOST_LABS];
	struct lab *labs[MOST_LABS];
	size_t count;
};

/* What both commands ask for. */
static const struct argp_option shared_options[] = {
	{"program", KEY_PROGRAM, "FILE.tar.gz", 0,
		"the program that grades: interlock-VERSION-MACHINE.tar.gz, as make "
		"tarball makes it",
		0},
	{"grading", KEY_GRADING, "OWNER/NAME", 0,
		"the repository on GitHub or GitLab that the course's labs and workflows "
		"will be in (default: OWNER/grading)",
		0},
	{"ref", KEY_REF, "TAG", 0, "its tag that students' workflows name (default: v1)",
		0},
	{0}};

static void add_lab(
	struct arguments *arguments, const char *name, struct argp_state *state)
{
	if (arguments->count == MOST_LABS)
		argp_error(state, "more than %d labs", MOST_LABS);
	arguments->names[arguments->count++] = name;
}

static error_t parse_shared(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case KEY_PROGRAM:
		arguments->program = argument;
		return 0;
	case KEY_GRADING:
		if (strspn(argument, "/") > 0 || !strchr(argument, '/') ||
			strpbrk(argument, " \t\"'\\$@"))
			argp_error(
				state, "--grading is '%s'; write OWNER/NAME", argument);
		arguments->grading = argument;
		return 0;
	case KEY_REF:
		if (!*argument || strpbrk(argument, " \t\"'\\$@"))
			argp_error(state, "--ref is '%s'; write a tag", argument);
		arguments->ref = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->program)
			argp_error(state,
				"name the program that grades with --program; make "
				"tarball makes it");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp shared = {.options = shared_options, .parser = parse_shared};
static const struct argp_child children[] = {{&shared, 0, NULL, 0}, {0}};

static const struct argp_option kit_options[] = {
	{"output", 'o', "DIR|FILE", 0,
		"the folder to make, or the archive if it ends in .zip, .tar or .tar.gz",
		0},
	{0}};

static error_t parse_kit(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = arguments;
		return 0;
	case 'o':
		arguments->output = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->platform) {
			add_lab(arguments, argument, state);
			return 0;
		}
		arguments->platform = kit_platform(argument);
		if (!arguments->platform)
			argp_error(state, "there is no platform '%s'", argument);
		return 0;
	case ARGP_KEY_END:
		if (!arguments->count || !arguments->output)
			argp_error(state, "name a platform, a lab, and with -o what to "
					  "make");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The list of platforms, below the options. */
static char *add_platforms(int key, const char *text, void *input)
{
	struct buffer help = {0};

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(size_t)text;
	buffer_text(&help, "Platforms:\n");
	for (const struct platform *platform = platforms; platform->name; platform++)
		buffer_print(&help, "  %-14s%s\n", platform->name, platform->summary);
	return buffer_take(&help);
}

static const struct argp kit_argp = {.options = kit_options,
	.parser = parse_kit,
	.args_doc = "PLATFORM LAB... --program FILE.tar.gz -o DIR|FILE",
	.doc = "Make what a platform needs to grade a lab by itself: its scripts, the "
	       "program, and the lab without its solution, whose hash is shown. The "
	       "student's own copy of the lab is not used.\vPlatforms",
	.children = children,
	.help_filter = add_platforms};

static const struct argp_option course_options[] = {
	{"labs", KEY_LABS, "LAB,...", 0, "the course's labs: names, or their folders", 0},
	{0}};

static error_t parse_course(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = arguments;
		return 0;
	case KEY_LABS:
		for (char *name = strtok(argument, ","); name; name = strtok(NULL, ","))
			add_lab(arguments, name, state);
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->output)
			argp_error(state, "one course at a time");
		arguments->output = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->count || !arguments->output)
			argp_error(state, "name the folder to make, and its labs with "
					  "--labs");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp course_argp = {.options = course_options,
	.parser = parse_course,
	.args_doc = "NEW --labs LAB,... --program FILE.tar.gz",
	.doc = "Make a course: the repository that students start from, the one that CI "
	       "services grade with, and the instructor's side. It is made only if what "
	       "students get holds no solution, no hidden check and no other answer.",
	.children = children};

static int open_labs(struct arguments *arguments, struct error *error)
{
	for (size_t i = 0; i < arguments->count; i++) {
		arguments->labs[i] = lab_open(arguments->names[i], error);
		if (!arguments->labs[i])
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(arguments->labs[k]->name, arguments->labs[i]->name) ==
				0)
				return error_set(error, "two labs are called %s",
					arguments->labs[i]->name);
	}
	return 0;
}

static int finish(struct arguments *arguments, int status, struct error *error)
{
	if (status)
		fprintf(stderr, "interlock: %s\n", error->message);
	for (size_t i = 0; i < arguments->count; i++) {
		struct lab *lab = arguments->labs[i];
		char *hash = status || !lab ? NULL : bundle_hash(lab, error);
		if (hash)
			printf("  %-18s %s\n", lab->name, hash);
		free(hash);
		lab_close(lab);
	}
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}

int command_kit(int argc, char **argv)
{
	struct arguments arguments = {.grading = "OWNER/grading", .ref = "v1"};
	struct error error = {""};

	argp_parse(&kit_argp, argc, argv, 0, NULL, &arguments);
	int status = open_labs(&arguments, &error);
	if (status == 0) {
		const struct kit kit = {.platform = arguments.platform,
			.labs = arguments.labs,
			.lab_count = arguments.count,
			.program = arguments.program,
			.grading = arguments.grading,
			.ref = arguments.ref};
		status = kit_write(&kit, arguments.output, &error);
	}
	if (status == 0)
		printf("%s: a kit for %s. Its labs, and the hashes of their files:\n",
			arguments.output, arguments.platform->name);
	return finish(&arguments, status, &error);
}

int command_course(int argc, char **argv)
{
	struct arguments arguments = {.grading = "OWNER/grading", .ref = "v1"};
	struct error error = {""};

	argp_parse(&course_argp, argc, argv, 0, NULL, &arguments);
	int status = open_labs(&arguments, &error);
	if (status == 0) {
		const struct course course = {.labs = arguments.labs,
			.lab_count = arguments.count,
			.program = arguments.program,
			.grading = arguments.grading,
			.ref = arguments.ref};
		status = course_write(&course, arguments.output, &error);
	}
	if (status == 0)
		printf("%s: a course; %s/README.md says how it goes on. What students "
		       "get holds no answer.\nIts labs, and the hashes of their files:\n",
			arguments.output, arguments.output);
	return finish(&arguments, status, &error);
}
