/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double bench_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

static void sort(double *sorted, const double *values, int count)
{
	memcpy(sorted, values, (size_t)count * sizeof(*values));
	qsort(sorted, (size_t)count, sizeof(*sorted), compare);
}

double bench_median(const double *values, int count)
{
	double sorted[BENCH_ROUNDS];

	sort(sorted, values, count);
	return count % 2 ? sorted[count / 2]
			 : (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

static void print_time(double ns)
{
	if (ns < 1e4)
		printf("%9.1f ns", ns);
	else if (ns < 1e7)
		printf("%9.1f us", ns / 1e3);
	else
		printf("%9.1f ms", ns / 1e6);
}

static double sample(const struct contestant *contestant)
{
	double best = contestant->measure();
	int i;

	for (i = 1; i < 3 && !contestant->once && best >= 0; i++) {
		double next = contestant->measure();

		if (next >= 0 && next < best)
			best = next;
	}
	return best;
}

void bench_group(const char *title, const struct contestant *contestants, int count,
	int rounds, struct samples *samples)
{
	double sorted[BENCH_ROUNDS];
	int i;
	int round;

	samples->rounds = rounds;
	for (round = 0; round < rounds; round++)
		for (i = 0; i < count; i++)
			samples->values[i][round] =
				contestants[i].once && round % 3 != 0
					? samples->values[i][round - 1]
					: sample(&contestants[i]);
	printf("\n%s\n", title);
	for (i = 0; i < count; i++) {
		sort(sorted, samples->values[i], rounds);
		printf("  %-34s", contestants[i].name);
		if (sorted[0] < 0) {
			printf("  not to be had here\n");
			continue;
		}
		print_time(bench_median(sorted, rounds));
		printf("   (");
		print_time(sorted[0]);
		printf(" to");
		print_time(sorted[rounds - 1]);
		printf(")\n");
	}
	fflush(stdout);
}

void bench_values(const char *title, const double *values, int rounds, double bound,
	enum bench_bound kind)
{
	double sorted[BENCH_ROUNDS];
	double median = bench_median(values, rounds);
	bool met = kind == BENCH_AT_MOST ? median <= bound : median >= bound;

	sort(sorted, values, rounds);
	printf("  => %-40s %8.2f (%.2f to %.2f)", title, median, sorted[0],
		sorted[rounds - 1]);
	if (kind == BENCH_NOTE)
		printf("\n");
	else
		printf("  %s %.2f: %s\n", kind == BENCH_AT_MOST ? "at most" : "at least",
			bound, met ? "met" : "NOT MET");
	fflush(stdout);
}

void bench_ratio(const char *title, const struct samples *samples, int over, int under,
	double bound, enum bench_bound kind)
{
	double ratios[BENCH_ROUNDS];
	int round;

	for (round = 0; round < samples->rounds; round++) {
		if (samples->values[over][round] < 0 || samples->values[under][round] < 0)
			return;
		ratios[round] =
			samples->values[over][round] / samples->values[under][round];
	}
	bench_values(title, ratios, samples->rounds, bound, kind);
}

double bench_program(const char *command)
{
	char line[100];
	double ns = -1;
	/* NOLINTNEXTLINE(cert-env33-c): the command is this program's own. */
	FILE *pipe = popen(command, "r");

	if (pipe == NULL)
		return -1;
	if (fgets(line, sizeof(line), pipe))
		ns = strtod(line, NULL);
	pclose(pipe);
	return ns;
}

double bench_python(const char *name)
{
	char command[4096];

	snprintf(command, sizeof(command), "python3 %s %s 2>/dev/null", BENCH_PYTHON,
		name);
	return bench_program(command);
}

/* Without an argument everything; with one, only that part. */
static bool wanted(int argc, char **argv, const char *part)
{
	return argc < 2 || strcmp(argv[1], part) == 0;
}

int main(int argc, char **argv)
{
	printf("%ld processors. Medians, and the range of all rounds. Peers take "
	       "turns.\n",
		sysconf(_SC_NPROCESSORS_ONLN));
	if (wanted(argc, argv, "locks"))
		bench_locks();
	if (wanted(argc, argv, "sync"))
		bench_sync();
	if (wanted(argc, argv, "processes"))
		bench_processes();
	if (wanted(argc, argv, "life"))
		bench_life();
	if (wanted(argc, argv, "pool"))
		bench_pool();
	return 0;
}
