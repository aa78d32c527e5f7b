/* SPDX-License-Identifier: MIT */
/*
 * A pool's whole life against two forks and two waits: those of a plain program of its own, which
 * looks up _exit anew in each child, and those of this one, where the library has bound it at
 * the start. Between them and the pool stands the least that any pool can do: two children
 * sleep, are woken for five items, tell that they are done, sleep and are woken for the end.
 */
#include "bench.h"

#include <limits.h>
#include <linux/futex.h>
#include <mp/mp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIVES = 20, ITEMS = 5 };

static double plain_program(void)
{
	return bench_program(BENCH_FORKS);
}

static double own_forks(void)
{
	double begin = bench_now_ns();

	for (int i = 0; i < LIVES; i++) {
		pid_t children[2];

		for (int j = 0; j < 2; j++) {
			children[j] = fork();
			if (children[j] == 0)
				_exit(0);
		}
		for (int j = 0; j < 2; j++)
			waitpid(children[j], NULL, 0);
	}
	return (bench_now_ns() - begin) / LIVES;
}

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): lines of their own, on purpose. */
struct least {
	_Atomic unsigned begun; /* these three are slept on */
	_Atomic unsigned ended;
	_Alignas(64) _Atomic unsigned done;
	_Alignas(64) _Atomic unsigned next;
	unsigned results[ITEMS];
};

static void sleep_while(_Atomic unsigned *word, unsigned value)
{
	while (atomic_load(word) == value)
		syscall(SYS_futex, word, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void wake(_Atomic unsigned *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static void least_worker(struct least *shared)
{
	unsigned item;

	sleep_while(&shared->begun, 0);
	while ((item = atomic_fetch_add(&shared->next, 1)) < ITEMS) {
		shared->results[item] = item * item;
		if (atomic_fetch_add(&shared->done, 1) == ITEMS - 1)
			wake(&shared->done);
	}
	sleep_while(&shared->ended, 0);
	_exit(0);
}

static void live_least(void)
{
	struct least *shared = mp_shared_new(sizeof(*shared));
	pid_t children[2];
	unsigned seen;

	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			least_worker(shared);
	}
	atomic_store(&shared->begun, 1);
	wake(&shared->begun);
	while ((seen = atomic_load(&shared->done)) < ITEMS)
		sleep_while(&shared->done, seen);
	atomic_store(&shared->ended, 1);
	wake(&shared->ended);
	for (int i = 0; i < 2; i++)
		waitpid(children[i], NULL, 0);
	mp_shared_free(shared);
}

static double least_pool(void)
{
	double begin = bench_now_ns();

	for (int i = 0; i < LIVES; i++)
		live_least();
	return (bench_now_ns() - begin) / LIVES;
}

static int square(const void *item, void *result)
{
	int number = *(const int *)item;

	*(int *)result = number * number;
	return 0;
}

static void live(void)
{
	struct mp_pool *pool =
		mp_pool_new(&(struct mp_pool_options){.processes = 2}, NULL);
	int items[ITEMS] = {1, 2, 3, 4, 5};
	int results[ITEMS];

	if (mp_pool_map(pool, square, items, sizeof(int), results, sizeof(int), ITEMS,
		    MP_CHUNK_AUTO) != MP_OK)
		abort();
	mp_pool_close(pool);
	mp_pool_join(pool);
	mp_pool_free(pool);
}

static double whole_pool(void)
{
	double begin = bench_now_ns();

	for (int i = 0; i < LIVES; i++)
		live();
	return (bench_now_ns() - begin) / LIVES;
}

static double python_pool(void)
{
	return bench_python("create");
}

void bench_life(void)
{
	static const struct contestant group[] = {
		{"two forks and waits, plain program", plain_program, false},
		{"two forks and waits, bound early", own_forks, false},
		{"the least that a pool can do", least_pool, false},
		{"create, map 5, close, join", whole_pool, false},
		{"Python's Pool", python_pool, true}};
	struct samples samples;

	bench_group("a pool's life", group, 5, 15, &samples);
	bench_ratio(
		"pool / a plain program's forks", &samples, 3, 0, 1.35, BENCH_AT_MOST);
	bench_ratio("pool / forks bound early", &samples, 3, 1, 1.35, BENCH_NOTE);
	bench_ratio("least pool / forks bound early", &samples, 2, 1, 1.35, BENCH_NOTE);
	bench_ratio("pool / least pool", &samples, 3, 2, 1.35, BENCH_NOTE);
}
