/* SPDX-License-Identifier: MIT */
/*
 * What the box costs: /bin/true run by plain fork and exec, in each tier that works here,
 * and by bubblewrap, in turn in one loop, so that what else the machine does falls on all
 * alike. Medians; the range is from the 5th to the 95th of 100.
 */
#include "sandbox/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 300 };

struct way {
	const char *name;
	int (*run)(const struct way *way);
	void (*exec)(void); /* for run_command */
	enum box_tier tier;
	bool trusted;
	double ms[ROUNDS];
};

static const char *const program[] = {"/bin/true", NULL};

static double now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int run_box(const struct way *way)
{
	struct box_options options = {
		.argv = program, .tier = way->tier, .trusted = way->trusted};
	struct box_result result;
	struct error error;

	if (box_run(&options, &result, &error)) {
		fprintf(stderr, "%s: %s\n", way->name, error.message);
		return -1;
	}
	box_result_release(&result);
	return 0;
}

static void exec_program(void)
{
	execl("/bin/true", "/bin/true", (char *)NULL);
}

/* As near to tier B as its options come: no seccomp filter, no Landlock, no limits. */
static void exec_bubblewrap(void)
{
	execl("/usr/bin/bwrap", "bwrap", "--unshare-all", "--die-with-parent",
		"--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink",
		"usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin", "--proc", "/proc",
		"--dev", "/dev", "--tmpfs", "/tmp", "--clearenv", "/bin/true",
		(char *)NULL);
}

static int run_command(const struct way *way)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		way->exec();
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static void measure(struct way *ways, size_t count)
{
	for (int round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < count; i++) {
			double started = now_ms();

			if (ways[i].run(&ways[i]))
				exit(1);
			ways[i].ms[round] = now_ms() - started;
		}
}

static void report(struct way *ways, size_t count)
{
	printf("the box, running /bin/true %d times\n", ROUNDS);
	printf("  %-24s %8s %16s %14s\n", "", "median", "5%..95%", "over fork+exec");
	for (size_t i = 0; i < count; i++) {
		double *ms = ways[i].ms, median;

		qsort(ms, ROUNDS, sizeof(*ms), compare);
		median = ms[ROUNDS / 2];
		printf("  %-24s %5.2f ms %5.2f..%5.2f ms %11.2f ms\n", ways[i].name,
			median, ms[ROUNDS / 20], ms[ROUNDS - ROUNDS / 20 - 1],
			median - ways[0].ms[ROUNDS / 2]);
	}
	puts("  the aim: at most 4 ms over fork+exec");
}

int main(void)
{
	static struct way all[6];
	size_t count = 0;
	struct error error;

	all[count++] = (struct way){
		.name = "fork+exec", .run = run_command, .exec = exec_program};
	for (int tier = BOX_TIER_A; tier <= BOX_TIER_C; tier++) {
		static const char *const NAMES[] = {"", "tier A", "tier B", "tier C"};

		if (box_tier_works((enum box_tier)tier, &error))
			all[count++] = (struct way){.name = NAMES[tier],
				.run = run_box,
				.tier = (enum box_tier)tier};
	}
	all[count++] =
		(struct way){.name = "no box (trusted)", .run = run_box, .trusted = true};
	if (access("/usr/bin/bwrap", X_OK) == 0)
		all[count++] = (struct way){.name = "bubblewrap",
			.run = run_command,
			.exec = exec_bubblewrap};
	measure(all, count);
	report(all, count);
	return 0;
}
