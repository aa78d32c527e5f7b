/* SPDX-License-Identifier: MIT */
/* Compiled into the referee, which never contains the student's code. */
#include "work.h"

#include <interlock/checks.h>

/* A run in which so many processes add. Returns what they share, and in *expected what
 * the count must be when they are done; what a process can write to is not believed. */
static struct work *add_with(long processes, long times, long *expected)
{
	struct work *work = play_shared(sizeof(*work));
	long before = play_random(-1000, 1000);

	work->counter.count = before;
	work->times = times;
	*expected = before + processes * times;
	for (long i = 0; i < processes; i++)
		play_start("add", work);
	play_run();
	return work;
}

/* 0 and 1 come often enough to be met in every grading. */
static long few(void)
{
	return play_choose(play_random(0, 3) ? play_random(0, 1) : play_random(2, 500),
		play_random(0, 3));
}

START_TEST(counts_right_alone)
{
	while (play_next_run()) {
		long expected = 0;
		long times = few();
		struct work *work = add_with(1, times, &expected);
		play_expect_equal(work->counter.count, expected,
			"the count after %ld turns", times);
	}
}
END_TEST

START_TEST(lock_is_free_afterwards)
{
	while (play_next_run()) {
		long expected = 0;
		struct work *work = add_with(1, few(), &expected);
		play_expect(mp_lock_try_acquire(&work->counter.lock) == MP_OK,
			"The lock is still held after counter_add has returned.");
	}
}
END_TEST

START_TEST(no_update_is_lost)
{
	while (play_next_run()) {
		long expected = 0;
		long processes = play_choose(play_random(2, 4), 2);
		long times = play_choose(play_random(1000, 3000), 2);
		struct work *work = add_with(processes, times, &expected);
		play_expect_equal(work->counter.count, expected,
			"the count after %ld processes with %ld turns each", processes,
			times);
	}
}
END_TEST

static void add(Suite *suite, const char *criterion, const TTest *test)
{
	TCase *tcase = tcase_create(criterion);
	tcase_add_test(tcase, test);
	suite_add_tcase(suite, tcase);
}

Suite *checks_suite(void)
{
	Suite *suite = suite_create("new-lab");
	add(suite, "counts_right_alone", counts_right_alone);
	add(suite, "lock_is_free_afterwards", lock_is_free_afterwards);
	add(suite, "no_update_is_lost", no_update_is_lost);
	return suite;
}
