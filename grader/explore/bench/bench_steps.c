/* SPDX-License-Identifier: MIT */
/*
 * What an execution and a step cost, beside the same tasks started and ended without explore. Each figure is the best of several rounds, which load disturbs least.
 */
#include "base/error.h"
#include "explore/explore.h"
#include "explore/program.h"
#include "explore/server.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 15, EXECUTIONS = 400 };

static double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double less(double a, double b)
{
	return a < b ? a : b;
}

static void *nothing(void *unused)
{
	return unused;
}

static void end_after_two_threads(void)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, nothing, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static void end_after_two_processes(void)
{
	pid_t children[2];
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(0);
	}
	for (int i = 0; i < 2; i++)
		waitpid(children[i], NULL, 0);
	_exit(0);
}

/* What it takes without explore to fork a process that does this. */
static double without_explore(void (*program)(void))
{
	double best = 1e18;
	for (int round = 0; round < ROUNDS; round++) {
		double start = now_ns();
		for (int i = 0; i < EXECUTIONS; i++) {
			pid_t pid = fork();
			if (pid == 0)
				program();
			waitpid(pid, NULL, 0);
		}
		best = less(best, (now_ns() - start) / EXECUTIONS);
	}
	return best;
}

static struct program *build(char *flag, struct error *error)
{
	char file[] = BENCH_PROGRAM;
	char *files[] = {file}, *flags[] = {flag};
	struct program_sources sources = {
		.files = files, .files_count = 1, .flags = flags, .flags_count = 1};
	return program_build(&sources, error);
}

/* Nanoseconds of one execution, as explore samples them; -1. */
static double explored(struct program *program, int executions, struct error *error)
{
	double best = 1e18;
	for (int round = 0; round < ROUNDS && best > 0; round++) {
		struct explore_options options = explore_defaults;
		options.budget = options.samples = (uint32_t)executions;
		options.strategy = STRATEGY_POS;
		struct explorer *explorer =
			explorer_new(&options, program_spawn, program, error);
		if (!explorer)
			return -1;
		double start = now_ns();
		while (best > 0 && explorer_next(explorer))
			if (explorer_run(explorer, error))
				best = -1;
		best = less(best, (now_ns() - start) / executions);
		explorer_free(explorer);
	}
	return best;
}

/* The same without the explorer: the program alone, asked for one after another. */
static double executed(
	struct program *program, int executions, uint32_t *steps, struct error *error)
{
	struct server server;
	double best = 1e18;
	if (server_start(&server, program_spawn, program, error))
		return -1;
	for (int round = 0; round < ROUNDS && best > 0; round++) {
		double start = now_ns();
		for (int i = 0; i < executions && best > 0; i++) {
			server.memory->request = (struct request){.max_steps = STEPS_MAX,
				.strategy = STRATEGY_POS,
				.seed = (uint64_t)i,
				.hash_from = UINT32_MAX};
			if (server_execute(&server, error))
				best = -1;
		}
		best = less(best, (now_ns() - start) / executions);
	}
	*steps = server.memory->result.steps;
	server_stop(&server);
	return best;
}

static void print_rate(const char *title, double ns, double peer_ns, double goal)
{
	printf("%-28s %7.0f /s on one core, goal %5.0f: %-3s  %5.1f us, %.2f times the "
	       "%.1f us without\n",
		title, 1e9 / ns, goal, 1e9 / ns >= goal ? "yes" : "no", ns / 1e3,
		ns / peer_ns, peer_ns / 1e3);
}

static int print_all(struct program *threads, struct program *forks,
	struct program *steps, struct error *error)
{
	enum { LONG_ONES = 5 };
	uint32_t few = 0, many = 0;
	/* first, while this process is small and quick to fork */
	double plain_threads = without_explore(end_after_two_threads);
	double plain_forks = without_explore(end_after_two_processes);
	double of_threads = explored(threads, EXECUTIONS, error);
	double of_forks = of_threads < 0 ? -1 : explored(forks, EXECUTIONS, error);
	double short_one = of_forks < 0 ? -1 : executed(threads, EXECUTIONS, &few, error);
	double long_one = short_one < 0 ? -1 : executed(steps, LONG_ONES, &many, error);
	double with_explorer = long_one < 0 ? -1 : explored(steps, LONG_ONES, error);
	if (with_explorer < 0)
		return -1;
	puts("What explore costs: two tasks, samples by POS\n");
	print_rate("executions, two threads", of_threads, plain_threads, 8000);
	print_rate("executions, two processes", of_forks, plain_forks, 4000);
	double step = (long_one - short_one) / (many - few);
	printf("%-28s %7.0f ns, goal %d: %s; %.0f ns with what the explorer reads of "
	       "it\n\n",
		"a step without a switch", step, 60, step <= 60 ? "yes" : "no",
		(with_explorer - of_threads) / (many - few));
	return 0;
}

int main(void)
{
	struct error error;
	char none[] = "-DSTEPS=0", some[] = "-DSTEPS=100000", forked[] = "-DFORK";
	struct program *threads = build(none, &error);
	struct program *forks = threads ? build(forked, &error) : NULL;
	struct program *steps = forks ? build(some, &error) : NULL;
	int status = steps ? print_all(threads, forks, steps, &error) : -1;
	if (status)
		fprintf(stderr, "bench_steps: %s\n", error.message);
	program_free(threads);
	program_free(forks);
	program_free(steps);
	return status ? 1 : 0;
}
