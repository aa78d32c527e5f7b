/* SPDX-License-Identifier: MIT */
/* The pool of two workers, against the least that each thing can cost, and against Python's. */
#include "bench.h"

#include <linux/futex.h>
#include <mp/mp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MILLION = 1000000, THOUSAND = 1000, TRIPS = 500 };

static struct mp_pool *pool;
static int *in;
static int *out;

static int square(const void *item, void *result)
{
	int number = *(const int *)item;

	*(int *)result = (int)((unsigned)number * (unsigned)number);
	return 0;
}

/* Read from memory at each call, so that the compiler cannot see through it. */
static mp_pool_function *volatile callback = square;

static double serial_million(void)
{
	mp_pool_function *function = callback;
	double begin = bench_now_ns();

	for (int i = 0; i < MILLION; i++)
		function(&in[i], &out[i]);
	return bench_now_ns() - begin;
}

static double map_shared(int count, ptrdiff_t chunksize, int times)
{
	double begin = bench_now_ns();

	for (int i = 0; i < times; i++)
		if (mp_pool_map_shared(pool, square, in, sizeof(int), out, sizeof(int),
			    count, chunksize) != MP_OK)
			abort();
	return (bench_now_ns() - begin) / times;
}

static double map_million(void)
{
	return map_shared(MILLION, MP_CHUNK_AUTO, 3);
}
static double map_million_copied(void)
{
	double begin = bench_now_ns();

	if (mp_pool_map(pool, square, in, sizeof(int), out, sizeof(int), MILLION,
		    MP_CHUNK_AUTO) != MP_OK)
		abort();
	return bench_now_ns() - begin;
}
static double chunksize_one(void)
{
	return map_shared(MILLION, 1, 1) / MILLION;
}
static double chunksize_one_copied(void)
{
	double begin = bench_now_ns();

	if (mp_pool_map(pool, square, in, sizeof(int), out, sizeof(int), MILLION, 1) !=
		MP_OK)
		abort();
	return (bench_now_ns() - begin) / MILLION;
}
static double openmp_one(void)
{
	return bench_program(BENCH_PEERS "/openmp 2>/dev/null");
}
static double mce_thousand(void)
{
	return bench_program(BENCH_MCE " 2>/dev/null");
}
static double executor_thousand(void)
{
	return bench_python("executor1000");
}
static double map_thousand(void)
{
	return map_shared(THOUSAND, MP_CHUNK_AUTO, 200);
}
static double map_five(void)
{
	return map_shared(5, MP_CHUNK_AUTO, 500);
}
static double map_five_copied(void)
{
	double begin = bench_now_ns();
	int results[5];

	for (int i = 0; i < 500; i++)
		if (mp_pool_map(pool, square, in, sizeof(int), results, sizeof(int), 5,
			    MP_CHUNK_AUTO) != MP_OK)
			abort();
	return (bench_now_ns() - begin) / 500;
}

static void wait_until(_Atomic unsigned *word, unsigned value)
{
	unsigned seen;

	while ((seen = atomic_load(word)) != value)
		syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
}

static void tell(_Atomic unsigned *word, unsigned value)
{
	atomic_store(word, value);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* There and back between two processes that sleep in between: no pool can answer sooner. */
static double futex_round_trip(void)
{
	_Atomic unsigned *words = mp_shared_new(128);
	_Atomic unsigned *back = words + 16;
	pid_t child = fork();
	double begin;

	if (child == 0) {
		for (unsigned i = 1; i <= TRIPS + 1; i++) {
			wait_until(words, i);
			tell(back, i);
		}
		_exit(0);
	}
	tell(words, 1);
	wait_until(back, 1);
	begin = bench_now_ns();
	for (unsigned i = 2; i <= TRIPS + 1; i++) {
		tell(words, i);
		wait_until(back, i);
	}
	begin = (bench_now_ns() - begin) / TRIPS;
	waitpid(child, NULL, 0);
	mp_shared_free((void *)(uintptr_t)words);
	return begin;
}

static double python_five(void)
{
	return bench_python("map5");
}
static double python_thousand(void)
{
	return bench_python("map1000");
}
static double python_million(void)
{
	return bench_python("map1000000");
}
static double python_one(void)
{
	return bench_python("chunksize1");
}
void bench_pool(void)
{
	static const struct contestant million[] = {
		{"serial loop of callbacks", serial_million, false},
		{"mp_pool_map_shared", map_million, false},
		{"mp_pool_map, copied", map_million_copied, false},
		{"Python's Pool", python_million, true}};
	static const struct contestant one[] = {
		{"mp_pool_map_shared, chunksize 1", chunksize_one, false},
		{"Python's Pool", python_one, true},
		{"mp_pool_map, chunksize 1", chunksize_one_copied, false},
		{"OpenMP, schedule(dynamic, 1)", openmp_one, false}};
	static const struct contestant five[] = {
		{"futex round trip", futex_round_trip, false},
		{"mp_pool_map_shared of 5", map_five, false},
		{"mp_pool_map of 5", map_five_copied, false},
		{"Python's Pool", python_five, true}};
	static const struct contestant thousand[] = {
		{"mp_pool_map_shared of 1,000", map_thousand, false},
		{"Python's Pool", python_thousand, true},
		{"Python's ProcessPoolExecutor", executor_thousand, true},
		{"Perl's MCE", mce_thousand, true}};
	struct samples samples;

	in = mp_shared_new(MILLION * sizeof(int));
	out = mp_shared_new(MILLION * sizeof(int));
	for (int i = 0; i < MILLION; i++)
		in[i] = i;
	pool = mp_pool_new(&(struct mp_pool_options){.processes = 2}, NULL);
	map_million();
	bench_group("map of 1,000,000 ints", million, 4, 9, &samples);
	bench_ratio("serial / pool", &samples, 0, 1, 1.6, BENCH_AT_LEAST);
	bench_ratio("Python / pool", &samples, 3, 1, 150, BENCH_AT_LEAST);
	bench_ratio("pool, copied / serial", &samples, 2, 0, 1.5, BENCH_AT_MOST);
	bench_group("one task at chunksize 1", one, 4, 9, &samples);
	bench_values("mp_pool: ns", samples.values[0], samples.rounds, 45, BENCH_AT_MOST);
	bench_ratio("Python / pool", &samples, 1, 0, 400, BENCH_AT_LEAST);
	bench_ratio("pool, copied / OpenMP", &samples, 2, 3, 1, BENCH_AT_MOST);
	bench_group("map of 5 on a running pool", five, 4, 9, &samples);
	bench_ratio("pool / futex round trip", &samples, 1, 0, 1.3, BENCH_AT_MOST);
	bench_group("map of 1,000 on a running pool", thousand, 4, 9, &samples);
	bench_ratio("Python / pool", &samples, 1, 0, 10, BENCH_AT_LEAST);
	mp_pool_close(pool);
	mp_pool_join(pool);
	mp_pool_free(pool);
	mp_shared_free(in);
	mp_shared_free(out);
}
