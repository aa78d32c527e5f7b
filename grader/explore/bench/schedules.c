/* SPDX-License-Identifier: MIT */
#include "explore/bench/schedules.h"

#include "base/memory.h"
#include "explore/bench/probe.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 10 schedules are always good enough. */
enum { GOAL_AT_LEAST = 10 };

/* The execution that showed the bug first, over the seeds that found it. */
struct schedules {
	double mean;
	long least, most;
	int missed; /* seeds that did not find it */
	long ms;    /* all runs, compiling included */
};

static bool compared(const struct corpus_program *program, const char *only)
{
	return (strncmp(program->file, "published/", 10) == 0 ||
		       strncmp(program->file, "variants/", 9) == 0) &&
	       fnmatch(only, program->name, 0) == 0;
}

static void add(struct schedules *schedules, const struct probe *probe)
{
	schedules->ms += probe->ms;
	if (probe->first == 0) {
		schedules->missed++;
		return;
	}
	schedules->mean += (double)probe->first;
	if (schedules->least == 0 || probe->first < schedules->least)
		schedules->least = probe->first;
	if (probe->first > schedules->most)
		schedules->most = probe->first;
}

static int measure(const struct corpus_program *program, int seeds,
	struct schedules *schedules, struct error *error)
{
	*schedules = (struct schedules){0};
	for (int seed = 1; seed <= seeds; seed++) {
		char *text = text_format("%d", seed);
		const char *const options[] = {
			"--detect", "assert,deadlock", "--seed", text, NULL};
		struct probe probe;
		int status = probe_run(program, options, &probe, error);
		free(text);
		if (status)
			return -1;
		add(schedules, &probe);
		probe_release(&probe);
	}
	if (schedules->missed < seeds)
		schedules->mean /= seeds - schedules->missed;
	return 0;
}

static void print_published(
	const struct corpus_program *program, const struct schedules *schedules)
{
	int goal = 0;

	for (unsigned i = 0; i < PUBLISHED_COUNT; i++) {
		int figure = program->published ? program->published[i] : -1;
		if (figure > 0)
			printf(" %7d", figure);
		else
			printf(" %7s", figure == 0 ? "never" : "");
		if (figure > 0 && (goal == 0 || figure < goal))
			goal = figure;
	}
	if (goal < GOAL_AT_LEAST)
		goal = GOAL_AT_LEAST;
	if (schedules->missed)
		printf("  NOT ALWAYS FOUND\n");
	else
		printf("  %3d %s\n", goal, schedules->mean <= goal ? "yes" : "no");
}

static void print_row(const struct corpus_program *program, int seeds,
	const struct schedules *schedules)
{
	char range[32];

	snprintf(range, sizeof(range), "%ld-%ld", schedules->least, schedules->most);
	printf("%-16s %8.1f %9s %6.2f s %4d of %d", program->name, schedules->mean, range,
		(double)schedules->ms / 1000 / seeds, seeds - schedules->missed, seeds);
	print_published(program, schedules);
	fflush(stdout);
}

int schedules_print(
	const struct corpus *corpus, int seeds, const char *only, struct error *error)
{
	printf("Mean schedules to the first bug, %d seeds, assertions and deadlocks "
	       "(published: 20 trials);\ntime is that of a run, compiling and making the "
	       "witness small included\n\n%-16s %8s %9s %8s %8s %7s %7s %7s %7s %7s  "
	       "goal\n",
		seeds, "program", "explore", "range", "a run", "found", "SURW", "PCT-3",
		"POS", "RFF", "PERIOD");
	for (unsigned i = 0; i < corpus->programs_count; i++) {
		const struct corpus_program *program = &corpus->programs[i];
		struct schedules schedules;
		if (!compared(program, only) || program->expect_count == 0 ||
			program->tasks != CORPUS_THREADS)
			continue;
		if (measure(program, seeds, &schedules, error))
			return -1;
		print_row(program, seeds, &schedules);
	}
	putchar('\n');
	return 0;
}

int covered_print(const struct corpus *corpus, const char *only, struct error *error)
{
	static const char *const options[] = {NULL};
	int count = 0, complete = 0, silent = 0;

	printf("The correct versions\n\n%-28s %-10s %10s %10s %12s\n", "program",
		"reported", "coverage", "executions", "time");
	for (unsigned i = 0; i < corpus->programs_count; i++) {
		const struct corpus_program *program = &corpus->programs[i];
		struct probe probe;
		if (!compared(program, only) || program->expect_count > 0)
			continue;
		if (probe_run(program, options, &probe, error))
			return -1;
		printf("%-28s %-10s %10s %10ld %10.2f s\n", program->name,
			probe.kinds_count > 0 ? probe.kinds[0] : "nothing",
			probe.coverage, probe.executions, (double)probe.ms / 1000);
		fflush(stdout);
		count++;
		complete += strcmp(probe.coverage, "complete") == 0;
		silent += probe.code == 0;
		probe_release(&probe);
	}
	printf("\n%d programs: nothing reported in %d, complete in %d\n\n", count, silent,
		complete);
	return 0;
}
