/* SPDX-License-Identifier: MIT */
/*
 * The comparison bench: every tool on every program of the corpus, the schedules that
 * explore needs to the first bug beside those that were published, and how fast it is.
 */
#include "base/memory.h"
#include "explore/bench/corpus.h"
#include "explore/bench/schedules.h"
#include "explore/bench/speed.h"
#include "explore/bench/tools.h"

#include <argp.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Published means come from 20 trials. */
enum { SEEDS = 20, PLAIN_RUNS = 1000 };

struct settings {
	int plain_runs;
	int seeds;
	int jobs;	  /* programs looked at side by side at a time */
	const char *only; /* a shell pattern for names */
	bool all;
	bool side_by_side;
	bool schedules;
	bool covered;
	bool speed;
};

/* What a tool did on one kind of programs. */
struct tally {
	int buggy;
	int caught; /* the tool reports it */
	int failed; /* it does not, but the run failed or hung */
	int correct, alarms;
	int wrong; /* reports that name a kind which is not there */
	long ms;
};

static bool selected(
	const struct settings *settings, const struct corpus_program *program)
{
	if (program->slow && !settings->all)
		return false;
	return fnmatch(settings->only, program->name, 0) == 0;
}

static const char *word_for(
	const struct corpus_program *program, const struct finding *finding)
{
	if (finding->wrong)
		return "WRONG";
	if (finding->failed)
		return "failed";
	if (program->expect_count == 0)
		return finding->reported ? "FALSE" : "-";
	return finding->reported ? "caught" : "missed";
}

static void add(struct tally *tally, const struct corpus_program *program,
	const struct finding *finding)
{
	if (program->expect_count > 0) {
		tally->buggy++;
		tally->caught += finding->reported;
		tally->failed += finding->failed;
	} else {
		tally->correct++;
		tally->alarms += finding->reported;
	}
	tally->wrong += finding->wrong;
	tally->ms += finding->ms;
}

static void print_heading(void)
{
	printf("%-38s %-9s", "program", "tasks");
	for (int tool = 0; tool < TOOL_COUNT; tool++)
		printf(" %14s", tool_names[tool]);
	putchar('\n');
}

/* What the tools said of one program; the workers write it, each its own. */
struct row {
	struct finding findings[TOOL_COUNT];
	bool failed[TOOL_COUNT]; /* the tool could not look at the program: see errors */
	struct error errors[TOOL_COUNT];
};

/* Shared by the workers. */
struct board {
	atomic_uint next; /* the first program that nobody has taken */
	struct row rows[];
};

static void work(
	const struct settings *settings, const struct corpus *corpus, struct board *board)
{
	unsigned i;

	while ((i = atomic_fetch_add(&board->next, 1)) < corpus->programs_count) {
		const struct corpus_program *program = &corpus->programs[i];
		struct row *row = &board->rows[i];
		if (!selected(settings, program))
			continue;
		for (int tool = 0; tool < TOOL_COUNT; tool++)
			row->failed[tool] =
				tool_try(tool, program, settings->plain_runs,
					&row->findings[tool], &row->errors[tool]) != 0;
	}
}

/* Lets the workers fill the board and waits for them. */
static int fill_board(const struct settings *settings, const struct corpus *corpus,
	struct board *board, struct error *error)
{
	int started = 0;
	int failed = 0;
	int status;

	for (; started < settings->jobs; started++) {
		pid_t pid = fork();
		if (pid < 0)
			break;
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(settings, corpus, board);
			_exit(0);
		}
	}
	if (started == 0)
		return error_system(error, "starting a worker");
	while (wait(&status) > 0)
		failed += status != 0;
	return failed == 0 ? 0 : error_set(error, "%d workers failed", failed);
}

/* Prints the row and counts the tools that could not look at the program. */
static int print_row(const struct corpus_program *program, const struct row *row,
	struct tally tallies[][TOOL_COUNT])
{
	int failures = 0;

	printf("%-38s %-9s", program->name,
		program->tasks == CORPUS_THREADS ? "threads" : "processes");
	for (int tool = 0; tool < TOOL_COUNT; tool++) {
		const struct finding *finding = &row->findings[tool];
		if (row->failed[tool]) {
			printf(" %14s", "trouble");
			continue;
		}
		add(&tallies[program->tasks][tool], program, finding);
		printf(" %6s %5.1f s", word_for(program, finding),
			(double)finding->ms / 1000);
	}
	putchar('\n');
	for (int tool = 0; tool < TOOL_COUNT; tool++)
		if (row->failed[tool]) {
			printf("    %s: %s\n", tool_names[tool],
				row->errors[tool].message);
			failures++;
		}
	return failures;
}

static void print_tallies(struct tally tallies[][TOOL_COUNT])
{
	printf("\n%-10s %-11s %14s %18s %18s %10s\n", "tasks", "tool", "caught",
		"run failed only", "false alarms", "time");
	for (int tasks = CORPUS_THREADS; tasks <= CORPUS_PROCESSES; tasks++)
		for (int tool = 0; tool < TOOL_COUNT; tool++) {
			const struct tally *tally = &tallies[tasks][tool];
			printf("%-10s %-11s %7d of %3d %18d %11d of %3d %8.1f s",
				tasks == CORPUS_THREADS ? "threads" : "processes",
				tool_names[tool], tally->caught, tally->buggy,
				tally->failed, tally->alarms, tally->correct,
				(double)tally->ms / 1000);
			if (tally->wrong)
				printf("   %d of the wrong kind", tally->wrong);
			putchar('\n');
		}
	putchar('\n');
}

static int compare_tools(
	const struct settings *settings, const struct corpus *corpus, struct error *error)
{
	struct tally tallies[2][TOOL_COUNT] = {0};
	size_t size = sizeof(struct board) + corpus->programs_count * sizeof(struct row);
	struct board *board = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int failures = 0;

	if (board == MAP_FAILED)
		return error_system(error, "mapping the workers' board");
	printf("Side by side: explore as it comes; helgrind, DRD and TSan one run each; "
	       "%d plain runs.\ncaught: the tool reports it; failed: it says nothing, "
	       "but the program failed or hung under it\n\n",
		settings->plain_runs);
	fflush(stdout); /* or the workers print it again */
	if (fill_board(settings, corpus, board, error)) {
		munmap(board, size);
		return -1;
	}
	print_heading();
	for (unsigned i = 0; i < corpus->programs_count; i++)
		if (selected(settings, &corpus->programs[i]))
			failures +=
				print_row(&corpus->programs[i], &board->rows[i], tallies);
	munmap(board, size);
	print_tallies(tallies);
	if (failures > 0)
		return error_set(
			error, "a tool could not do its work %d times", failures);
	return 0;
}

static const struct argp_option options[] = {
	{"runs", 'r', "N", 0, "Plain runs of each program (1000)", 0},
	{"seeds", 's', "N", 0, "Seeds for the schedules to the first bug (20)", 0},
	{"jobs", 'j', "N", 0,
		"Compare on N programs at a time (the number of processors)", 0},
	{"only", 'o', "PATTERN", 0, "Only programs whose names match", 0},
	{"all", 'a', NULL, 0, "The slow programs as well, side by side", 0},
	{"table", 't', "NAME", 0, "Only this table: tools, schedules, correct or speed",
		0},
	{0},
};

static int number_of(const char *text, struct argp_state *state)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (*end || number < 1 || number > INT_MAX)
		argp_error(state, "'%s' is no number from 1 up", text);
	return (int)number;
}

static void choose_table(
	struct settings *settings, const char *name, struct argp_state *state)
{
	settings->side_by_side = strcmp(name, "tools") == 0;
	settings->schedules = strcmp(name, "schedules") == 0;
	settings->covered = strcmp(name, "correct") == 0;
	settings->speed = strcmp(name, "speed") == 0;
	if (!settings->side_by_side && !settings->schedules && !settings->covered &&
		!settings->speed)
		argp_error(state, "there is no table '%s'", name);
}

static int parse(int key, char *argument, struct argp_state *state)
{
	struct settings *settings = state->input;

	switch (key) {
	case 'r':
		settings->plain_runs = number_of(argument, state);
		return 0;
	case 's':
		settings->seeds = number_of(argument, state);
		return 0;
	case 'j':
		settings->jobs = number_of(argument, state);
		return 0;
	case 'o':
		settings->only = argument;
		return 0;
	case 'a':
		settings->all = true;
		return 0;
	case 't':
		choose_table(settings, argument, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp argp = {options, parse, NULL,
		"Compare explore with other tools on the corpus.", NULL, NULL, NULL};
	struct settings settings = {.plain_runs = PLAIN_RUNS,
		.seeds = SEEDS,
		.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN),
		.only = "*",
		.side_by_side = true,
		.schedules = true,
		.covered = true,
		.speed = true};
	struct error error;
	int status = 0;

	argp_parse(&argp, argc, argv, 0, NULL, &settings);
	struct corpus *corpus = corpus_read(&error);
	if (!corpus) {
		fprintf(stderr, "%s: %s\n", argv[0], error.message);
		return 2;
	}
	if (settings.side_by_side && compare_tools(&settings, corpus, &error))
		status = 2;
	if (status == 0 && settings.schedules &&
		schedules_print(corpus, settings.seeds, settings.only, &error))
		status = 2;
	if (status == 0 && settings.covered &&
		covered_print(corpus, settings.only, &error))
		status = 2;
	if (status == 0 && settings.speed && speed_print(&error))
		status = 2;
	if (status)
		fprintf(stderr, "%s: %s\n", argv[0], error.message);
	corpus_free(corpus);
	return status;
}
