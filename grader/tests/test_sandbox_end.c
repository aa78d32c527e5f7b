/* SPDX-License-Identifier: MIT */
/*
 * Nothing outlives a box: not when its program ends, not when it is killed, and not when its
 * grader is.
 */
#include "boxed.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A file that grows while any process of the box lives would show a survivor. */
static int leave_a_daemon(void *argument)
{
	pid_t child = fork();

	(void)argument;
	if (child == 0) {
		(void)setsid();
		if (fork() == 0)
			for (int i = 0; i < 6000; i++) {
				(void)write(3, "x", 1);
				(void)usleep(10000);
			}
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
	return 0;
}

static bool pipe_is_held(int fd)
{
	char bytes[4096];
	ssize_t length;

	do
		length = read(fd, bytes, sizeof(bytes));
	while (length > 0);
	return length < 0 && errno == EAGAIN;
}

static void pipe_to_box(int ends[2], struct box_fd *fd)
{
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	*fd = (struct box_fd){ends[1], 3};
}

START_TEST(nothing_outlives_the_program)
{
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		int ends[2];
		struct box_fd fd;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = tier == AFTER_LAST_TIER,
			.function = leave_a_daemon,
			.fds = &fd,
			.fd_count = 1};
		struct box_result result;

		if (!options.trusted && !works(tier))
			continue;
		pipe_to_box(ends, &fd);
		result = run(options);
		box_result_release(&result);
		(void)close(ends[1]);
		ck_assert(!pipe_is_held(ends[0]));
		(void)close(ends[0]);
	}
}
END_TEST

START_TEST(a_killed_box_is_dead_when_the_call_returns)
{
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		int ends[2];
		struct box_fd fd;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = tier == AFTER_LAST_TIER,
			.function = sleep_long,
			.fds = &fd,
			.fd_count = 1};
		struct error error = {""};
		struct box box;

		if (!options.trusted && !works(tier))
			continue;
		pipe_to_box(ends, &fd);
		ck_assert_msg(
			box_start(&box, &options, &error) == 0, "%s", error.message);
		(void)close(ends[1]);
		ck_assert(pipe_is_held(ends[0]));
		box_kill(&box);
		ck_assert(!pipe_is_held(ends[0]));
		box_release(&box);
		(void)close(ends[0]);
	}
}
END_TEST

/* Starts a box, says so and waits to be killed. */
static _Noreturn void be_a_grader(const struct box_options *options, int started_fd)
{
	struct error error;
	struct box box;

	if (box_start(&box, options, &error) == 0)
		(void)write(started_fd, "s", 1);
	for (;;)
		(void)pause();
}

static bool ends_within(int fd, int seconds)
{
	const struct timespec moment = {.tv_nsec = 5000000};

	for (int i = 0; i < seconds * 200; i++) {
		if (!pipe_is_held(fd))
			return true;
		(void)nanosleep(&moment, NULL);
	}
	return false;
}

START_TEST(a_box_dies_with_its_grader)
{
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		int ends[2], started[2];
		struct box_fd fd;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = tier == AFTER_LAST_TIER,
			.function = sleep_long,
			.fds = &fd,
			.fd_count = 1};
		char byte;
		pid_t grader;

		if (!options.trusted && !works(tier))
			continue;
		pipe_to_box(ends, &fd);
		ck_assert_int_eq(pipe2(started, O_CLOEXEC), 0);
		grader = fork();
		if (grader == 0)
			be_a_grader(&options, started[1]);
		(void)close(ends[1]);
		ck_assert_int_eq(read(started[0], &byte, 1), 1);
		ck_assert(pipe_is_held(ends[0]));
		ck_assert_int_eq(kill(grader, SIGKILL), 0);
		ck_assert_int_eq(waitpid(grader, NULL, 0), grader);
		ck_assert_msg(
			ends_within(ends[0], 30), "tier %s", box_tier_name(options.tier));
		(void)close(ends[0]);
		(void)close(started[0]);
		(void)close(started[1]);
	}
}
END_TEST

static const TTest *const *const tests[] = {
	&nothing_outlives_the_program,
	&a_killed_box_is_dead_when_the_call_returns,
	&a_box_dies_with_its_grader,
};

int main(void)
{
	return boxed_suite("sandbox end", tests, sizeof(tests) / sizeof(*tests));
}
