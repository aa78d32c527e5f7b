/* SPDX-License-Identifier: MIT */
/*
 * What an execution and a step cost, beside the same tasks started and ended without explore. Each figure is the best of several rounds, which load disturbs least.
 */
#include "base/error.h"
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

/* Nanoseconds of one execution; the steps it had. */
static double execution(char *flag, int executions, uint32_t *steps, struct error *error)
{
	char file[] = BENCH_PROGRAM;
	char *files[] = {file}, *flags[] = {flag};
	struct program_sources sources = {
		.files = files, .files_count = 1, .flags = flags, .flags_count = 1};
	struct program *program = program_build(&sources, error);
	struct server server;
	double best = 1e18;
	if (!program)
		return -1;
	if (server_start(&server, program_spawn, program, error)) {
		program_free(program);
		return -1;
	}
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
	program_free(program);
	return best;
}

static void print_rate(const char *title, double ns, double peer_ns, double goal)
{
	printf("%-28s %7.0f /s on one core, goal %5.0f: %-3s  %5.1f us, %.2f times the "
	       "%.1f us without\n",
		title, 1e9 / ns, goal, 1e9 / ns >= goal ? "yes" : "no", ns / 1e3,
		ns / peer_ns, peer_ns / 1e3);
}

int main(void)
{
	struct error error;
	uint32_t few, many, unused;
	char none[] = "-DSTEPS=0", some[] = "-DSTEPS=100000", forked[] = "-DFORK";
	double threads = execution(none, EXECUTIONS, &few, &error);
	double long_one = threads < 0 ? -1 : execution(some, 5, &many, &error);
	double forks = long_one < 0 ? -1 : execution(forked, EXECUTIONS, &unused, &error);
	if (forks < 0) {
		fprintf(stderr, "bench_steps: %s\n", error.message);
		return 1;
	}
	puts("What explore costs: two tasks, samples by POS, the explorer's own work "
	     "apart\n");
	print_rate("executions, two threads", threads,
		without_explore(end_after_two_threads), 8000);
	print_rate("executions, two processes", forks,
		without_explore(end_after_two_processes), 4000);
	double step = (long_one - threads) / (many - few);
	printf("%-28s %7.0f ns, goal %d: %s\n\n", "a step without a switch", step, 60,
		step <= 60 ? "yes" : "no");
	return 0;
}
