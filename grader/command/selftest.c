/* SPDX-License-Identifier: MIT */
#include "selftest/selftest.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/screen.h"
#include "command/command.h"
#include "command/grading.h"
#include "lab/readme.h"
#include "selftest/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct grading grading;
	struct selftest test;
	const char *lab;
	int stage; /* enum stage, or -1 */
	bool write_readme;
};

enum {
	KEY_COMPILER = 0x300,
	KEY_ONLY,
	KEY_MUTANTS,
	KEY_NO_MUTANTS,
	KEY_REPEAT,
	KEY_SAMPLE,
	KEY_STAGE,
	KEY_WRITE_README
};

static const struct argp_option options[] = {
	{"jobs", 'j', "N", 0, "grade N at once (default: one a core)", 0},
	{"output", 'o', "DIR", 0,
		"keep all reports here, with selftest.txt, selftest.md for the lab's "
		"README and survivors.yaml",
		0},
	{"mutants", KEY_MUTANTS, NULL, 0, "grade mutants of the solution, too (default)",
		0},
	{"no-mutants", KEY_NO_MUTANTS, NULL, 0, "grade what the lab's folder holds only",
		0},
	{"only", KEY_ONLY, "PATTERN", 0,
		"grade what has such a name only: solution, skeleton, right-NAME, "
		"wrong-NAME, mutant-NUMBER",
		0},
	{"repeat", KEY_REPEAT, "N", 0,
		"grade the solution and what is in right/ N times, with other inputs "
		"each time; each grading compiles anew, as a student's does",
		0},
	{"sample", KEY_SAMPLE, NULL, 0,
		"grade the solution, the skeleton, the first in right/ and for each "
		"criterion the first in wrong/; no mutants",
		0},
	{"stage", KEY_STAGE, "STAGE", 0,
		"let only this stage decide the criteria that it is to decide: explore, "
		"stress, helgrind",
		0},
	{"write-readme", KEY_WRITE_README, NULL, 0,
		"put the table into the lab's README.md, in a section for this compiler "
		"and stage that handouts do not get",
		0},
	{"compiler", KEY_COMPILER, "NAME", 0, "compile with gcc (the default) or clang",
		0},
	{0}};

static long parse_number(
	const char *option, char *argument, long most, struct argp_state *state)
{
	char *end = NULL;
	long number = strtol(argument, &end, 10);

	if (end == argument || *end || number < 1 || number > most)
		argp_error(state, "--%s is '%s'; write a number from 1 to %ld", option,
			argument, most);
	return number;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct selftest *test = &arguments->test;

	switch (key) {
	case 'j':
		test->jobs = (int)parse_number("jobs", argument, 1024, state);
		return 0;
	case 'o':
		test->output = argument;
		return 0;
	case KEY_MUTANTS:
	case KEY_NO_MUTANTS:
		test->with_mutants = key == KEY_MUTANTS;
		return 0;
	case KEY_ONLY:
		test->only = argument;
		return 0;
	case KEY_REPEAT:
		test->repeat = parse_number("repeat", argument, 100000, state);
		return 0;
	case KEY_SAMPLE:
		test->sample = true;
		test->with_mutants = false;
		return 0;
	case KEY_STAGE:
		arguments->stage = stage_by_name(argument);
		if (arguments->stage < 0)
			argp_error(state,
				"--stage is '%s'; write explore, stress, helgrind or "
				"build",
				argument);
		return 0;
	case KEY_COMPILER:
		if (strcmp(argument, "gcc") != 0 && strcmp(argument, "clang") != 0)
			argp_error(state, "--compiler is '%s'; write gcc or clang",
				argument);
		arguments->grading.options.compiler = argument;
		return 0;
	case KEY_WRITE_README:
		arguments->write_readme = true;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->lab)
			argp_error(state, "one lab at a time");
		arguments->lab = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->lab)
			argp_error(state, "name a lab or its folder");
		if (arguments->write_readme && (test->only || test->sample))
			argp_error(state, "a README says what all of the lab is worth: "
					  "--write-readme goes with neither --only nor "
					  "--sample");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "LAB",
	.doc = "Test a lab: its solution and what is in right/ must get full marks, its "
	       "skeleton the points that lab.yaml states, and what is in wrong/ must "
	       "fail the criterion that its first line names and no other. Then mistakes "
	       "are made in the solution by machine, and each such mutant must lose "
	       "points. Exit codes: 0 the lab grades right, 1 it does not, 2 it could "
	       "not be tested."};

static int write_page(
	const char *folder, const char *name, char *page, struct error *error)
{
	char *path = path_join(folder, name);
	int status = file_replace(path, page, strlen(page), error);

	free(path);
	free(page);
	return status;
}

static int report(const struct selftest *test, struct error *error)
{
	char *page = table_text(test);

	fputs(page, stdout);
	free(page);
	if (!test->output)
		return 0;
	return write_page(test->output, "selftest.txt", table_text(test), error) ||
			       write_page(test->output, "selftest.md",
				       table_markdown(test), error) ||
			       write_page(test->output, "survivors.yaml",
				       table_survivors(test), error)
		       ? -1
		       : 0;
}

static int write_readme(const struct arguments *arguments, struct error *error)
{
	const struct selftest *test = &arguments->test;
	char *path = path_join(test->lab->folder, "README.md");
	char *old = file_read(path, 1 << 24, NULL, error);
	char *title = text_format("Selftest with %s%s%s%s",
		arguments->grading.options.compiler, arguments->stage < 0 ? "" : ", ",
		arguments->stage < 0 ? "" : stage_name((enum stage)arguments->stage),
		arguments->stage < 0 ? "" : " alone");
	char *table = table_markdown(test);
	int status = -1;

	if (old) {
		char *text = readme_with_section(old, title, table);
		status = file_replace(path, text, strlen(text), error);
		free(text);
	}
	free(table);
	free(title);
	free(old);
	free(path);
	return status;
}

/* Says which criteria other stages still decide, so that nobody takes more from the table
 * than is in it. */
static int keep_stage(const struct arguments *arguments, struct error *error)
{
	struct lab *lab = arguments->grading.lab;
	enum stage stage = (enum stage)arguments->stage;

	if (arguments->stage < 0)
		return 0;
	unsigned decided = lab_keep_stage(lab, stage);
	if (decided == 0)
		return error_set(error, "lab %s has no criterion that %s decides",
			lab->name, stage_name(stage));
	printf("%s alone decides %u of %u criteria; not:", stage_name(stage), decided,
		lab->criteria_count);
	for (unsigned i = 0; i < lab->criteria_count; i++)
		if (lab->criteria[i].stages_count != 1 ||
			lab->criteria[i].stages[0] != stage)
			printf(" %s", lab->criteria[i].name);
	puts("\n");
	return 0;
}

int command_selftest(int argc, char **argv)
{
	struct arguments arguments = {.grading = GRADING_DEFAULTS, .stage = -1};
	struct selftest *test = &arguments.test;
	struct error error;

	*test = (struct selftest){.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN),
		.repeat = 1,
		.with_mutants = true,
		.progress = screen_of(STDERR_FILENO).redraws};
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	interrupt_catch();
	int status = grading_open(&arguments.grading, arguments.lab, NULL, &error);
	arguments.grading.options.progress = false;
	test->lab = arguments.grading.lab;
	test->workshop = arguments.grading.workshop;
	test->options = &arguments.grading.options;
	if (status == 0)
		status = keep_stage(&arguments, &error);
	if (status == 0)
		status = selftest_run(test, &error);
	if (status == 0)
		status = report(test, &error);
	if (status == 0 && arguments.write_readme)
		status = selftest_judged(test)
				 ? write_readme(&arguments, &error)
				 : error_set(&error, "not all could be judged: README.md "
						     "stays as it is");
	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	int code = status || !selftest_judged(test) ? EXIT_TROUBLE
		   : selftest_passed(test)	    ? EXIT_PASSED
						    : EXIT_FAILED;
	selftest_release(test);
	grading_close(&arguments.grading);
	return code;
}
