/* SPDX-License-Identifier: MIT */
/* The seed program: ten rounds of two processes that contend for one balance. */
#include "bench.h"

#include <mp/mp.h>
#include <stdlib.h>

enum { ROUNDS = 10, UPDATES = 10000 };

struct account {
	struct mp_lock lock;
	int balance;
};

static int withdraw(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < UPDATES; i++) {
		mp_lock_acquire(&account->lock);
		account->balance = account->balance - 1;
		mp_lock_release(&account->lock);
	}
	return 0;
}

static int deposit(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < UPDATES; i++) {
		mp_lock_acquire(&account->lock);
		account->balance = account->balance + 1;
		mp_lock_release(&account->lock);
	}
	return 0;
}

static double seed_program(void)
{
	double begin = bench_now_ns();

	for (int round = 0; round < ROUNDS; round++) {
		struct account *account = mp_shared_new(sizeof(*account));
		struct mp_process processes[2] = {0};

		account->balance = 100;
		mp_process_start(&processes[0], withdraw, account);
		mp_process_start(&processes[1], deposit, account);
		mp_process_join(&processes[0]);
		mp_process_join(&processes[1]);
		if (account->balance != 100)
			abort();
		mp_shared_free(account);
	}
	return bench_now_ns() - begin;
}

static double bare_forks(void)
{
	return ROUNDS * bench_program(BENCH_FORKS);
}

static double python_seed(void)
{
	return bench_python("seed");
}

void bench_processes(void)
{
	static const struct contestant group[] = {
		{"20 forks and waits, plain program", bare_forks, false},
		{"the seed program", seed_program, false},
		{"Python's, without its start", python_seed, true}};
	struct samples samples;

	bench_group(
		"the seed program, 10 x (2 processes x 10,000)", group, 3, 9, &samples);
	bench_ratio("seed program / bare forks", &samples, 1, 0, 3.5, BENCH_AT_MOST);
	bench_ratio("Python / seed program", &samples, 2, 1, 25, BENCH_AT_LEAST);
}
