/* SPDX-License-Identifier: MIT */
#ifndef MP_BENCH_H
#define MP_BENCH_H

/*
 * Measuring side by side: the contestants of a group take turns, round after round, so that whatever
 * else the machine does hits all of them alike. A sample is the best of three measurements, since
 * other work on the machine only ever adds. Ratios are taken within a round; what is printed is the
 * median over the rounds, with the range.
 *
 *	static const struct contestant group[] = {{"floor", pair, false}, {"mp", own, false}};
 *	bench_group("lock + unlock", group, 2, 9, samples);
 *	bench_ratio("lock / floor", samples, 1, 0, 1.25, BENCH_AT_MOST);
 */

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_ROUNDS = 15, BENCH_CONTESTANTS = 8 };

struct contestant {
	const char *name;
	/* Nanoseconds for one operation; negative: not to be had here. */
	double (*measure)(void);
	/* Too slow to be measured more than once in every third round. */
	bool once;
};

struct samples {
	double values[BENCH_CONTESTANTS][BENCH_ROUNDS];
	int rounds;
};

/* BENCH_NOTE: a peer's number, which is bound to nothing. */
enum bench_bound { BENCH_AT_MOST, BENCH_AT_LEAST, BENCH_NOTE };

double bench_now_ns(void);

/* Measures every contestant in every round, prints a line for each, and keeps the samples. */
void bench_group(const char *title, const struct contestant *contestants, int count,
	int rounds, struct samples *samples);

/* Prints the ratio of one contestant's times to another's, the bound, and whether it is met. */
void bench_ratio(const char *title, const struct samples *samples, int over, int under,
	double bound, enum bench_bound kind);

/* The same for numbers that were not measured as a group: values[i] of round i. */
void bench_values(const char *title, const double *values, int rounds, double bound,
	enum bench_bound kind);

double bench_median(const double *values, int count);

/* The number that a command prints; negative without one. */
double bench_program(const char *command);

/* What bench/python.py prints for this name, in nanoseconds; negative without python3. */
double bench_python(const char *name);

void bench_locks(void);
void bench_sync(void);
void bench_processes(void);
void bench_life(void);
void bench_pool(void);

#endif
