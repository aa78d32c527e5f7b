/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>
#include <mp/process.h>
#include <mp/shared.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int return_argument(void *argument)
{
	return *(int *)argument;
}

static int say_so_and_sleep(void *argument)
{
	struct flag *started = argument;

	signal(SIGTERM, SIG_DFL); /* Check's own handler would end the whole test */
	started->value = 1;
	return sleep_for_ever();
}

START_TEST(the_exit_code_is_what_the_function_returned)
{
	int codes[] = {0, 1, 42, 255};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct mp_process process = {0};
		int code = -1;

		ck_assert_int_eq(
			mp_process_start(&process, return_argument, &codes[i]), MP_OK);
		ck_assert_int_eq(mp_process_join(&process), MP_OK);
		ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
		ck_assert_int_eq(code, codes[i]);
	}
}
END_TEST

static int exit_early(void *argument)
{
	(void)argument;
	mp_process_exit(7);
}

START_TEST(a_process_may_exit_anywhere)
{
	struct mp_process process = {0};
	int code;

	mp_process_start(&process, exit_early, NULL);
	mp_process_join(&process);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
	ck_assert_int_eq(code, 7);
}
END_TEST

START_TEST(misuse_is_answered)
{
	struct mp_process process = {0};
	int code = 3;
	int fd;

	ck_assert_int_eq(mp_process_join(&process), MP_NOT_STARTED);
	ck_assert_int_eq(mp_process_join_timeout(&process, 0), MP_NOT_STARTED);
	ck_assert_int_eq(mp_process_terminate(&process), MP_NOT_STARTED);
	ck_assert_int_eq(mp_process_kill(&process), MP_NOT_STARTED);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_NOT_STARTED);
	ck_assert_int_eq(mp_process_sentinel(&process, &fd), MP_NOT_STARTED);
	ck_assert(!mp_process_is_alive(&process));
	ck_assert_int_eq(mp_process_id(&process), 0);
	ck_assert_int_eq(mp_process_start(&process, NULL, NULL), MP_INVALID);
	ck_assert_int_eq(mp_process_start(&process, return_argument, &code), MP_OK);
	ck_assert_int_eq(
		mp_process_start(&process, return_argument, &code), MP_ALREADY_STARTED);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
	ck_assert_int_eq(mp_process_terminate(&process), MP_OK);
	ck_assert_int_eq(mp_process_sentinel(&process, &fd), MP_INVALID);
	ck_assert_int_eq(mp_process_start(&process, return_argument, &code), MP_OK);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
}
END_TEST

START_TEST(join_gives_up_at_its_deadline)
{
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process process = {0};
	int code;

	mp_process_start(&process, say_so_and_sleep, started);
	ck_assert_int_eq(mp_process_join_timeout(&process, 10), MP_TIMEOUT);
	ck_assert_int_eq(mp_process_join_timeout(&process, 0), MP_TIMEOUT);
	ck_assert_int_eq(mp_process_join_timeout(&process, -1), MP_TIMEOUT);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_STILL_RUNNING);
	ck_assert(mp_process_is_alive(&process));
	await(started, 1);
	ck_assert_int_eq(mp_process_kill(&process), MP_OK);
	ck_assert_int_eq(mp_process_join_timeout(&process, 100000), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
	ck_assert_int_eq(code, -SIGKILL);
	mp_shared_free(started);
}
END_TEST

START_TEST(the_signal_that_ended_it_is_its_exit_code)
{
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process process = {0};
	int code;

	mp_process_start(&process, say_so_and_sleep, started);
	await(started, 1);
	ck_assert_int_eq(mp_process_terminate(&process), MP_OK);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
	ck_assert_int_eq(code, -SIGTERM);
	mp_shared_free(started);
}
END_TEST

START_TEST(the_sentinel_becomes_readable_at_the_end)
{
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process process = {0};
	struct pollfd wait = {.events = POLLIN};

	mp_process_start(&process, say_so_and_sleep, started);
	await(started, 1);
	ck_assert_int_eq(mp_process_sentinel(&process, &wait.fd), MP_OK);
	ck_assert_int_eq(poll(&wait, 1, 0), 0);
	mp_process_kill(&process);
	ck_assert_int_eq(poll(&wait, 1, HANG_SECONDS * 1000), 1);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
	ck_assert_int_eq(poll(&wait, 1, 0), 1);
	ck_assert_int_ne(wait.revents & POLLNVAL, 0);
	mp_shared_free(started);
}
END_TEST

struct ids {
	pid_t own;
	int join_status;
	struct mp_process *process;
};

static int record_ids(void *argument)
{
	struct ids *ids = argument;

	ids->own = mp_current_id();
	ids->join_status = mp_process_join(ids->process);
	return 0;
}

START_TEST(ids_agree_and_only_the_parent_may_join)
{
	struct ids *ids = mp_shared_new(sizeof(*ids));
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process sleeper = {0};
	struct mp_process process = {0};

	mp_process_start(&sleeper, say_so_and_sleep, started);
	await(started, 1);
	ids->process = &sleeper;
	mp_process_start(&process, record_ids, ids);
	mp_process_join(&process);
	ck_assert_int_eq(ids->own, mp_process_id(&process));
	ck_assert_int_ne(ids->own, mp_current_id());
	ck_assert_int_eq(ids->join_status, MP_NOT_PARENT);
	mp_process_kill(&sleeper);
	mp_process_join(&sleeper);
	mp_shared_free(ids);
	mp_shared_free(started);
}
END_TEST

static int start_another(void *argument)
{
	struct mp_process process = {0};
	int status = mp_process_start(&process, return_argument, argument);

	if (status == MP_OK)
		mp_process_join(&process);
	return status;
}

START_TEST(daemons_start_no_processes)
{
	int zero = 0;
	int code;
	struct mp_process process = {0};

	ck_assert_int_eq(mp_process_start_daemon(&process, start_another, &zero), MP_OK);
	mp_process_join(&process);
	mp_process_exit_code(&process, &code);
	ck_assert_int_eq(code, MP_IS_DAEMON);
	ck_assert_int_eq(mp_process_start(&process, start_another, &zero), MP_OK);
	mp_process_join(&process);
	mp_process_exit_code(&process, &code);
	ck_assert_int_eq(code, MP_OK);
}
END_TEST

#ifndef MP_THREADS

START_TEST(no_zombie_is_left)
{
	struct mp_process processes[20] = {0};
	int zero = 0;

	for (int i = 0; i < 20; i++)
		mp_process_start(&processes[i], return_argument, &zero);
	for (int i = 0; i < 20; i++)
		mp_process_join(&processes[i]);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

struct family {
	struct flag started;
	struct flag ready;
	pid_t grandchild;
};

static int start_daemon_and_sleep(void *argument)
{
	struct family *family = argument;
	struct mp_process daemon = {0};

	mp_process_start_daemon(&daemon, say_so_and_sleep, &family->started);
	family->grandchild = mp_process_id(&daemon);
	family->ready.value = 1;
	return sleep_for_ever();
}

START_TEST(a_daemon_does_not_outlive_its_parent)
{
	struct family *family = mp_shared_new(sizeof(*family));
	struct mp_process parent = {0};

	mp_process_start(&parent, start_daemon_and_sleep, family);
	await(&family->started, 1);
	await(&family->ready, 1);
	mp_process_kill(&parent);
	mp_process_join(&parent);
	/* The test's own process is no reaper: the orphan goes to init, and soon is
	 * nobody. */
	while (kill(family->grandchild, 0) == 0) {
		char path[64];
		char state = 0;
		FILE *stat;

		snprintf(path, sizeof(path), "/proc/%d/stat", family->grandchild);
		stat = fopen(path, "r");
		if (stat) {
			if (fscanf(stat, "%*d %*s %c", &state) != 1)
				state = 0;
			fclose(stat);
		}
		if (state == 'Z')
			break;
		nap_ms(1);
	}
	mp_shared_free(family);
}
END_TEST

static int print_nothing(void *argument)
{
	(void)argument;
	return 0;
}

START_TEST(buffered_output_appears_once)
{
	FILE *file = tmpfile();
	struct mp_process process = {0};

	fputs("once", file);
	mp_process_start(&process, print_nothing, NULL);
	mp_process_join(&process);
	fflush(file);
	ck_assert_int_eq(ftell(file), 4);
	fseek(file, 0, SEEK_END);
	ck_assert_int_eq(ftell(file), 4);
	fclose(file);
}
END_TEST

#endif

static const TTest *const *const tests[] = {
	&the_exit_code_is_what_the_function_returned,
	&a_process_may_exit_anywhere,
	&misuse_is_answered,
	&daemons_start_no_processes,
#ifndef MP_THREADS
	&no_zombie_is_left,
	&a_daemon_does_not_outlive_its_parent,
	&buffered_output_appears_once,
#endif
};

static const TTest *const *const hard[] = {
	&join_gives_up_at_its_deadline,
	&the_signal_that_ended_it_is_its_exit_code,
	&the_sentinel_becomes_readable_at_the_end,
	&ids_agree_and_only_the_parent_may_join,
};

MP_TEST_MAIN("process", tests, hard)
