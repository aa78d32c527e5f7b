/* SPDX-License-Identifier: MIT */
/*
 * What grading costs: `interlock grade` of a right submission beside a plain shell script
 * that compiles the same file, makes the same number of runs and the same helgrind run;
 * and a run by the fork server beside fork and exec of the same program with the same
 * plan; and what exploring adds. The ways take turns, so that what else the machine does
 * falls on all alike; medians, and the ranges.
 */
#include "bench/measure.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "build/build.h"
#include "play/player.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRADE_ROUNDS = 5, FORK_ROUNDS = 15, RUNS_A_ROUND = 100, EXPLORING_MS = 500 };

static const char lab_name[] = "critical-section";

/* The runs that stress makes of all its criteria. */
static long stress_runs(const struct lab *lab)
{
	long criteria = 0;

	for (unsigned i = 0; i < lab->criteria_count; i++)
		for (unsigned j = 0; j < lab->criteria[i].stages_count; j++)
			criteria += lab->criteria[i].stages[j] == STAGE_STRESS;
	return criteria * lab->stress.runs;
}

/* A copy of the lab without the stage for which a script has nothing to set against. */
static int copy_without_explore(
	const struct lab *lab, const char *to, struct error *error)
{
	static const char stage[] = "explore, ";
	char *yaml = path_join(to, "lab.yaml");
	char *text = NULL;
	int status = folder_copy(lab->folder, to, error);

	if (status == 0)
		text = file_read(yaml, 1 << 20, NULL, error);
	char *found = text ? strstr(text, stage) : NULL;
	for (; found; found = strstr(found, stage))
		memmove(found, found + strlen(stage), strlen(found + strlen(stage)) + 1);
	status = text ? file_replace(yaml, text, strlen(text), error) : -1;
	free(text);
	free(yaml);
	return status;
}

static int bench_grading(const struct lab *lab, const char *folder, struct error *error)
{
	double graded[GRADE_ROUNDS];
	double scripted[GRADE_ROUNDS];
	char *copy = path_join(folder, "lab");
	char *solution = path_join(lab->folder, "solution");
	char *interlock = path_of("interlock");
	char *build = path_of(".");
	char *script = path_join(BENCH_FOLDER, "plain.sh");
	char *runs = text_format("%ld", stress_runs(lab));
	const char *const grade[] = {
		interlock, "grade", copy, solution, "-o", folder, NULL};
	const char *const plain[] = {
		"/bin/sh", script, build, solution, runs, folder, NULL};
	int status = copy_without_explore(lab, copy, error);

	for (int i = 0; status == 0 && i < GRADE_ROUNDS; i++) {
		graded[i] = time_program(grade, 0);
		scripted[i] = time_program(plain, 0);
		if (graded[i] < 0 || scripted[i] < 0)
			status = error_set(error, "%s failed",
				graded[i] < 0 ? "interlock grade" : "the plain script");
	}
	if (status == 0) {
		printf("Grading the solution of %s: compile, %s runs, helgrind once\n",
			lab_name, runs);
		double ours = print_median(
			"interlock grade, in the box", graded, GRADE_ROUNDS, "ms");
		double theirs = print_median(
			"a plain shell script", scripted, GRADE_ROUNDS, "ms");
		printf("  %-44s %8.2f\n", "the script takes longer by a factor of",
			theirs / ours);
	}
	free(runs);
	free(script);
	free(build);
	free(interlock);
	free(solution);
	free(copy);
	return status;
}

/* What exploring adds to the grading of a lab's solution: its own compiling as well. */
static int bench_exploring(const char *name, const char *folder, struct error *error)
{
	double with[GRADE_ROUNDS], without[GRADE_ROUNDS];
	struct lab *lab = lab_open(name, error);
	if (!lab)
		return -1;
	char *copy = text_format("%s/%s-unexplored", folder, name);
	char *solution = path_join(lab->folder, "solution");
	char *interlock = path_of("interlock");
	const char *const whole[] = {
		interlock, "grade", lab->folder, solution, "-o", folder, NULL};
	const char *const rest[] = {
		interlock, "grade", copy, solution, "-o", folder, NULL};
	int status = copy_without_explore(lab, copy, error);

	for (int i = 0; status == 0 && i < GRADE_ROUNDS; i++) {
		with[i] = time_program(whole, 0);
		without[i] = time_program(rest, 0);
		if (with[i] < 0 || without[i] < 0)
			status = error_set(error, "interlock grade failed");
	}
	if (status == 0) {
		printf("The whole exploration of lab %s\n", name);
		double all =
			print_median("grading the solution", with, GRADE_ROUNDS, "ms");
		double others =
			print_median("without explore", without, GRADE_ROUNDS, "ms");
		printf("  %-44s %8.0f ms, to be below %d\n", "so exploring takes",
			all - others, EXPLORING_MS);
	}
	free(interlock);
	free(solution);
	free(copy);
	lab_close(lab);
	return status;
}

/* One process that calls the lab's entry `alone`, for nothing: what is left is the cost
 * of the run itself. */
static void plan_run(struct arena *arena)
{
	snprintf(arena->processes[0].entry, ARENA_ENTRY_BYTES, "alone");
	arena->processes[0].argument = arena->heap;
	arena->process_count = 1;
}

static double runs_a_second_served(struct player *player, struct error *error)
{
	double started = now_ms();
	struct player_run run;

	for (int i = 0; i < RUNS_A_ROUND; i++) {
		player_reset(player);
		plan_run(player_arena(player));
		if (player_run(player, &run, error) || run.end != PLAY_RETURNED)
			return -1;
	}
	return RUNS_A_ROUND * 1e3 / (now_ms() - started);
}

/* The same program as a fresh process, which finds the plan in its arena. */
static int exec_once(const char *program, int arena_fd)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(arena_fd, ARENA_FD);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

static double runs_a_second_executed(const char *program)
{
	int fd = memfd_create("plan", 0);
	double started = 0;
	int failed = fd < 0 || ftruncate(fd, ARENA_BYTES);
	struct arena *arena = failed ? MAP_FAILED
				     : mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE,
					       MAP_SHARED, fd, 0);

	if (arena == MAP_FAILED)
		return -1;
	plan_run(arena);
	arena->processes[0].argument =
		(char *)ARENA_ADDRESS + ((char *)arena->heap - (char *)arena);
	arena->mode = ARENA_ONCE;
	arena->cpu_seconds = 2;
	started = now_ms();
	for (int i = 0; !failed && i < RUNS_A_ROUND; i++)
		failed = exec_once(program, fd);
	double elapsed = now_ms() - started;
	failed |= arena->processes[0].returned != 1;
	munmap(arena, ARENA_BYTES);
	close(fd);
	return failed ? -1 : RUNS_A_ROUND * 1e3 / elapsed;
}

static int bench_runs(const struct lab *lab, const char *folder, enum box_tier tier,
	struct error *error)
{
	double served[FORK_ROUNDS];
	double executed[FORK_ROUNDS];
	char *place = build_place(folder, BUILD_FORK);
	struct player_options options = {.folder = place,
		.program = BUILD_PROGRAM,
		.limits = &lab->limits,
		.tier = tier};
	struct player *player = player_new(&options, error);
	char *program = path_join(place, options.program);
	int status = player ? 0 : -1;

	for (int i = 0; status == 0 && i < FORK_ROUNDS; i++) {
		served[i] = runs_a_second_served(player, error);
		executed[i] = runs_a_second_executed(program);
		if (served[i] < 0 || executed[i] < 0)
			status = error_set(error, "a run %s failed",
				served[i] < 0 ? "of the fork server"
					      : "by fork and exec");
	}
	if (status == 0) {
		printf("Runs of the same program, one process each\n");
		double ours = print_median("by the fork server, in the box", served,
			FORK_ROUNDS, "a second");
		double theirs = print_median(
			"by fork and exec, no box", executed, FORK_ROUNDS, "a second");
		printf("  %-44s %8.2f\n", "the fork server makes more by a factor of",
			ours / theirs);
	}
	free(program);
	free(place);
	player_free(player);
	return status;
}

static int make_player(const struct lab *lab, const char *folder, enum box_tier tier,
	struct error *error)
{
	struct build_outcome outcome;
	struct build build = {.lab = lab,
		.lab_folder = folder,
		.folder = folder,
		.compiler = "gcc",
		.tier = tier};
	char *from = text_format("%s/solution", lab->folder);
	int status = folder_copy(from, folder, error) || build_lab(&build, error) ||
				     build_player(&build, BUILD_FORK, &outcome, error)
			     ? -1
			     : 0;

	if (status == 0 && outcome.complaint)
		status = error_set(error, "%s", outcome.complaint);
	if (status == 0)
		build_outcome_release(&outcome);
	free(from);
	return status;
}

int main(void)
{
	struct error error = {""};
	struct error ignored;
	char *folder = folder_make_temporary(&error);
	struct lab *lab = folder ? lab_open(lab_name, &error) : NULL;
	enum box_tier tier = box_probe(&ignored);
	char *player = folder ? path_join(folder, "player") : NULL;
	int status = lab && chmod(folder, 0755) == 0 && folder_make(player, &error) == 0
			     ? 0
			     : -1;

	if (status == 0)
		status = bench_grading(lab, folder, &error) ||
					 bench_exploring(lab_name, folder, &error) ||
					 bench_exploring("race", folder, &error) ||
					 make_player(lab, player, tier, &error) ||
					 bench_runs(lab, player, tier, &error)
				 ? -1
				 : 0;
	if (status)
		fprintf(stderr, "bench_grade: %s\n", error.message);
	lab_close(lab);
	if (folder)
		folder_remove(folder, &ignored);
	free(player);
	free(folder);
	return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
