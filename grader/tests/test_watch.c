/* SPDX-License-Identifier: MIT */
/*
 * Looks are made faster than the interval says, since a look counts as one interval
 * whatever time has passed: no claim here depends on how busy the machine is.
 */
#include "suite.h"

#include "play/watch.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum {
	LOOKS_UNTIL_STUCK = WATCH_STUCK_MS / WATCH_INTERVAL_MS,
	LOOKS_UNTIL_IDLE = WATCH_IDLE_MS / WATCH_INTERVAL_MS
};

struct watched {
	pid_t root;
	int commands[2]; /* to the run, a byte each */
	int answers[2];
};

static void sleep_for_ever(const struct watched *watched)
{
	(void)watched;
	for (;;)
		pause();
}

static void spin(const struct watched *watched)
{
	(void)watched;
	for (volatile long i = 0;; i++)
		;
}

/* Wakes up once for each byte. */
static void echo(const struct watched *watched)
{
	char byte = 0;

	while (read(watched->commands[0], &byte, 1) == 1)
		(void)!write(watched->answers[1], &byte, 1);
}

/* A root, which is not watched itself, with a child that does the work; it is known to
 * have begun. */
static struct watched start(void (*work)(const struct watched *watched), int depth)
{
	struct watched watched;
	char byte = 0;

	ck_assert_int_eq(pipe(watched.commands), 0);
	ck_assert_int_eq(pipe(watched.answers), 0);
	watched.root = fork();
	if (watched.root == 0) {
		for (int i = 0; i < depth; i++) {
			if (fork() != 0)
				sleep_for_ever(&watched);
			/* Each child dies with its parent: killing the root is enough. */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
		}
		(void)!write(watched.answers[1], "b", 1);
		work(&watched);
		_exit(0);
	}
	ck_assert_int_eq(read(watched.answers[0], &byte, 1), 1);
	return watched;
}

static void end(const struct watched *watched)
{
	kill(watched->root, SIGKILL);
	waitpid(watched->root, NULL, 0);
	for (int i = 0; i < 2; i++) {
		close(watched->commands[i]);
		close(watched->answers[i]);
	}
}

/* How many looks say that it goes on before one says that it is stuck; at most `most`. */
static int looks_going(const struct watched *watched, bool wake, int most)
{
	struct watch watch = {.root = watched->root};
	int looks = 0;
	char byte = 'w';

	while (looks < most && watch_look(&watch) == WATCH_GOING) {
		looks++;
		if (wake) {
			ck_assert_int_eq(write(watched->commands[1], &byte, 1), 1);
			ck_assert_int_eq(read(watched->answers[0], &byte, 1), 1);
		}
	}
	return looks;
}

/* The first looks may see it on its way to sleep. */
START_TEST(a_run_that_sleeps_is_stuck_soon)
{
	struct watched watched = start(sleep_for_ever, 1);
	int looks = looks_going(&watched, false, 10000);

	ck_assert_int_ge(looks, LOOKS_UNTIL_STUCK - 1);
	ck_assert_int_lt(looks, LOOKS_UNTIL_IDLE);
	end(&watched);
}
END_TEST

START_TEST(a_run_that_wakes_up_in_between_is_stuck_later)
{
	struct watched watched = start(echo, 1);
	int looks = looks_going(&watched, true, 10000);

	ck_assert_int_ge(looks, LOOKS_UNTIL_IDLE - 1);
	ck_assert_int_lt(looks, 10000);
	end(&watched);
}
END_TEST

START_TEST(a_run_that_computes_goes_on)
{
	struct watched watched = start(spin, 1);

	ck_assert_int_eq(
		looks_going(&watched, false, 3 * LOOKS_UNTIL_IDLE), 3 * LOOKS_UNTIL_IDLE);
	end(&watched);
}
END_TEST

START_TEST(one_that_computes_far_below_keeps_all_going)
{
	struct watched watched = start(spin, 5);

	ck_assert_int_eq(looks_going(&watched, false, 2 * LOOKS_UNTIL_STUCK),
		2 * LOOKS_UNTIL_STUCK);
	end(&watched);
}
END_TEST

START_TEST(processes_are_counted)
{
	struct watched watched = start(sleep_for_ever, 5);
	struct watch watch = {.root = watched.root};

	watch_look(&watch);
	ck_assert_int_eq(watch.processes, 6);
	end(&watched);
}
END_TEST

START_TEST(a_deep_chain_can_be_watched)
{
	struct watched watched = start(sleep_for_ever, 600);
	struct watch watch = {.root = watched.root};

	watch_look(&watch);
	ck_assert_int_eq(watch.processes, 601);
	end(&watched);
}
END_TEST

START_TEST(a_root_that_is_gone_is_stuck_and_no_error)
{
	struct watched watched = start(sleep_for_ever, 1);
	struct watch watch = {.root = watched.root};

	end(&watched);
	int looks = 0;
	while (looks < 1000 && watch_look(&watch) == WATCH_GOING)
		looks++;
	ck_assert_int_lt(looks, 1000);
	ck_assert_int_le(watch.processes, 1);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_run_that_sleeps_is_stuck_soon,
	&a_run_that_wakes_up_in_between_is_stuck_later,
	&a_run_that_computes_goes_on,
	&one_that_computes_far_below_keeps_all_going,
	&processes_are_counted,
	&a_deep_chain_can_be_watched,
	&a_root_that_is_gone_is_stuck_and_no_error,
};
SUITE_MAIN("watch", tests)
