/* SPDX-License-Identifier: MIT */
/* The examples print what the article's programs print, as processes and as threads. */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#ifdef MP_THREADS
#define SUFFIX "-threads"
#else
#define SUFFIX ""
#endif

#define SQUARES "[1, 4, 9, 16, 25]\n"

/* Runs an example and gives what it printed. */
static const char *output_of(const char *name)
{
	static char output[4096];
	char command[4096];
	size_t length;
	FILE *pipe;

	snprintf(command, sizeof(command), "%s/examples/%s%s", BUILD_DIRECTORY, name,
		SUFFIX);
	/* NOLINTNEXTLINE(cert-env33-c): the command is this program's own. */
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	length = fread(output, 1, sizeof(output) - 1, pipe);
	output[length] = '\0';
	ck_assert_int_eq(pclose(pipe), 0);
	return output;
}

static int count(const char *text, const char *part)
{
	int found = 0;

	for (text = strstr(text, part); text; text = strstr(text + 1, part))
		found++;
	return found;
}

START_TEST(the_race_prints_ten_balances_and_they_differ)
{
	int tries = 0;
	const char *output;

	do {
		output = output_of("race");
		ck_assert_int_eq(count(output, "Final balance = "), 10);
		ck_assert_int_eq(count(output, "\n"), 10);
	} while (count(output, "Final balance = 100\n") == 10 && ++tries < 500);
	ck_assert_int_lt(tries, 500);
}
END_TEST

START_TEST(the_lock_gives_ten_times_100)
{
	ck_assert_int_eq(count(output_of("lock"), "Final balance = 100\n"), 10);
}
END_TEST

START_TEST(the_loop_squares)
{
	ck_assert_str_eq(output_of("squares"), SQUARES);
}
END_TEST

START_TEST(the_pool_squares_and_names_its_workers)
{
	const char *output = output_of("pool");
	const char *last = strstr(output, "[");

	ck_assert_int_eq(count(output, "Worker process id for "), 5);
	ck_assert_ptr_nonnull(last);
	ck_assert_str_eq(last, SQUARES);
}
END_TEST

START_TEST(each_fresh_worker_is_initialized)
{
	const char *output = output_of("initializer");

	ck_assert_int_ge(count(output, " starts from 100\n"), 4);
	ck_assert_int_eq(count(output, "[101, 102, 103, 104, 105, 106, 107, 108]\n"), 1);
}
END_TEST

static const TTest *const *const tests[] = {
	&the_lock_gives_ten_times_100,
	&the_loop_squares,
	&the_pool_squares_and_names_its_workers,
	&each_fresh_worker_is_initialized,
};

static const TTest *const *const hard[] = {
	&the_race_prints_ten_balances_and_they_differ,
};

MP_TEST_MAIN("examples", tests, hard)
