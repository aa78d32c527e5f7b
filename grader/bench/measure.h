/* SPDX-License-Identifier: MIT */
/*
 * What the benches of this folder measure with: the time that a program takes, and the
 * middle one of several.
 *
 *	values[i] = time_program((const char *const[]){"/bin/true", NULL}, 0);
 *	print_median("a program that does nothing", values, 5, "ms");
 */
#ifndef INTERLOCK_BENCH_MEASURE_H
#define INTERLOCK_BENCH_MEASURE_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* The time that this process has computed: the same on a busy machine. */
static inline double processor_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static inline int by_size(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Sorts, and prints the median with its range. */
static inline double print_median(
	const char *what, double *values, int count, const char *unit)
{
	qsort(values, (size_t)count, sizeof(*values), by_size);
	printf("  %-44s %8.0f %-8s (%.0f to %.0f)\n", what, values[count / 2], unit,
		values[0], values[count - 1]);
	return values[count / 2];
}

/* How many milliseconds a program takes that must end with this exit code; negative if it
 * ends otherwise. */
static inline double time_program(const char *const *argv, int code)
{
	double started = now_ms();
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		int nowhere = open("/dev/null", O_WRONLY);
		dup2(nowhere, 1);
		execv(argv[0], (char **)(uintptr_t)argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
		WEXITSTATUS(status) != code)
		return -1;
	return now_ms() - started;
}

#endif
