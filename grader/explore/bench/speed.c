/* SPDX-License-Identifier: MIT */
#include "explore/bench/speed.h"

#include "base/memory.h"
#include "explore/bench/probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough executions that starting the program and compiling it weigh little. */
enum { EXECUTIONS = 8000 };

static int explore_counter(const char *flags, const char *const options[],
	struct probe *probe, struct error *error)
{
	char name[] = "the locked counter";
	char *file = text_copy("published/counter.c");
	char *words = text_copy(flags);
	struct corpus_program program = {.name = name, .file = file, .flags = words};
	int status = probe_run(&program, options, probe, error);

	free(file);
	free(words);
	if (status == 0 && probe->code != 0) {
		status = error_set(error, "the locked counter: '%s' is reported",
			probe->kinds_count > 0 ? probe->kinds[0] : "");
		probe_release(probe);
	}
	return status;
}

static int print_complete(const char *title, const char *flags,
	const char *const options[], double goal_s, struct error *error)
{
	struct probe probe;

	if (explore_counter(flags, options, &probe, error))
		return -1;
	double seconds = (double)probe.ms / 1000;
	printf("%-44s %9.2f s  under %.1f s: %s (%s, %ld executions)\n", title, seconds,
		goal_s, seconds < goal_s ? "yes" : "no", probe.coverage,
		probe.executions);
	probe_release(&probe);
	return 0;
}

/* Samples only, so that executions are all alike; one more run with a single execution
 * tells what compiling and starting cost. */
static int measure_rate(
	const char *flags, double *rate, double *step_ns, struct error *error)
{
	char *many = text_format("--samples=%d", EXECUTIONS);
	char *budget = text_format("--budget=%d", EXECUTIONS);
	const char *const options[] = {many, budget, "--strategy=pos", NULL};
	const char *const one[] = {"--samples=1", "--budget=1", "--strategy=pos", NULL};
	struct probe all;
	struct probe first;

	int status = explore_counter(flags, options, &all, error);
	if (status == 0) {
		status = explore_counter(flags, one, &first, error);
		if (status == 0) {
			double ms = (double)(all.ms - first.ms);
			if (ms < 1)
				ms = 1;
			*rate = (double)(all.executions - first.executions) / ms * 1000;
			*step_ns = ms * 1e6 / (double)(all.steps - first.steps);
			probe_release(&first);
		}
		probe_release(&all);
	}
	free(many);
	free(budget);
	return status;
}

static int print_rate(
	const char *title, const char *flags, double goal, struct error *error)
{
	double rate;
	double step_ns;

	if (measure_rate(flags, &rate, &step_ns, error))
		return -1;
	printf("%-44s %9.0f /s at least %.0f: %s (%.2f ms a schedule, %.0f ns a step, "
	       "switches and starting included)\n",
		title, rate, goal, rate >= goal ? "yes" : "no", 1000 / rate, step_ns);
	return 0;
}

int speed_print(struct error *error)
{
	static const char *const whole[] = {"--budget=1000000", NULL};
	static const char *const bounded[] = {"--bound=2", "--samples=0", NULL};

	puts("Speed: two tasks on a counter with a correct lock, compiling included in "
	     "times\n");
	if (print_complete("10 updates each, threads, whole", "-DCORRECT -DTURNS=10",
		    whole, 5, error) ||
		print_complete("10 updates each, processes, whole",
			"-DCORRECT -DTURNS=10 -DFORK", whole, 5, error) ||
		print_complete("10 updates each, threads, <= 2 preemptions",
			"-DCORRECT -DTURNS=10", bounded, 0.5, error) ||
		print_complete("10 updates each, processes, <= 2 preemptions",
			"-DCORRECT -DTURNS=10 -DFORK", bounded, 0.5, error) ||
		print_rate("executions, threads, 1 update each", "-DCORRECT -DTURNS=1",
			8000, error) ||
		print_rate("executions, processes, 1 update each",
			"-DCORRECT -DTURNS=1 -DFORK", 4000, error))
		return -1;
	putchar('\n');
	return 0;
}
