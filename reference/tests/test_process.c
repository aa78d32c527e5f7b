/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <mp/process.h>
#include <mp/shared.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
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

START_TEST(what_was_started_and_not_joined_is_listed)
{
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process sleeper = {0};
	struct mp_process process = {0};
	int zero = 0;
	pid_t ids[3] = {0};

	ck_assert_uint_eq(mp_children(NULL, 0), 0);
	mp_process_start(&sleeper, say_so_and_sleep, started);
	mp_process_start(&process, return_argument, &zero);
	ck_assert_uint_eq(mp_children(ids, 3), 2);
	ck_assert_int_eq(ids[0], mp_process_id(&sleeper));
	ck_assert_int_eq(ids[1], mp_process_id(&process));
	mp_process_join(&process);
	ck_assert_uint_eq(mp_children(ids, 1), 1);
	ck_assert_int_eq(ids[0], mp_process_id(&sleeper));
	await(started, 1);
	mp_process_kill(&sleeper);
	mp_process_join(&sleeper);
	ck_assert_uint_eq(mp_children(NULL, 0), 0);
	mp_shared_free(started);
}
END_TEST

START_TEST(only_processors_that_may_be_used_are_counted)
{
	cpu_set_t before;
	cpu_set_t one;
	int first = 0;

	ck_assert_int_eq(sched_getaffinity(0, sizeof(before), &before), 0);
	ck_assert_int_eq(mp_processors(), CPU_COUNT(&before));
	while (!CPU_ISSET(first, &before))
		first++;
	CPU_ZERO(&one);
	CPU_SET(first, &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
	ck_assert_int_eq(mp_processors(), 1);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(before), &before), 0);
}
END_TEST

#ifndef MP_THREADS

static void reap_all(int signal)
{
	int error = errno;

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = error;
}

/* Asserts that all calls tell of the loss, and that the exit code is left as it was. */
static void assert_lost(struct mp_process *process)
{
	int code = 77;

	ck_assert_int_eq(mp_process_exit_code(process, &code), MP_LOST);
	ck_assert_int_eq(mp_process_kill(process), MP_LOST);
	ck_assert_int_eq(mp_process_terminate(process), MP_LOST);
	ck_assert(!mp_process_is_alive(process));
	ck_assert_int_eq(mp_process_join_timeout(process, 1000), MP_LOST);
	ck_assert_int_eq(mp_process_join(process), MP_LOST);
	ck_assert_int_eq(mp_process_exit_code(process, &code), MP_LOST);
	ck_assert_int_eq(code, 77);
}

/* Whoever reaps it: the kernel, a handler, a stray wait. */
START_TEST(an_exit_code_that_somebody_else_took_is_lost)
{
	struct mp_process process = {0};
	struct sigaction reaping = {.sa_handler = reap_all, .sa_flags = SA_RESTART};
	int three = 3;

	if (_i == 0)
		signal(SIGCHLD, SIG_IGN);
	if (_i == 1)
		sigaction(SIGCHLD, &reaping, NULL);
	ck_assert_int_eq(mp_process_start(&process, return_argument, &three), MP_OK);
	if (_i == 2)
		ck_assert_int_eq(waitpid(-1, NULL, 0), mp_process_id(&process));
	while (kill(mp_process_id(&process), 0) == 0)
		nap_ms(1);
	assert_lost(&process);
	/* It can be started again, and nothing is left of the loss. */
	signal(SIGCHLD, SIG_DFL);
	ck_assert_int_eq(mp_process_start(&process, return_argument, &three), MP_OK);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
}
END_TEST

START_TEST(a_join_that_waits_for_a_lost_one_ends)
{
	struct mp_process process = {0};
	int three = 3;

	signal(SIGCHLD, SIG_IGN);
	ck_assert_int_eq(mp_process_start(&process, return_argument, &three), MP_OK);
	ck_assert_int_eq(mp_process_join(&process), MP_LOST);
}
END_TEST

static int kill_the_parents(void *argument)
{
	struct mp_process *process = argument;
	int code;

	if (mp_process_kill(process) != MP_NOT_PARENT ||
		mp_process_exit_code(process, &code) != MP_NOT_PARENT ||
		mp_process_start(process, return_argument, &code) != MP_NOT_PARENT)
		return 1;
	return mp_children(NULL, 0) == 0 ? 0 : 2;
}

START_TEST(a_child_has_no_say_in_its_parents_processes)
{
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process sleeper = {0};
	struct mp_process process = {0};
	int code;

	mp_process_start(&sleeper, say_so_and_sleep, started);
	await(started, 1);
	mp_process_start(&process, kill_the_parents, &sleeper);
	mp_process_join(&process);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
	ck_assert_int_eq(code, 0);
	ck_assert(mp_process_is_alive(&sleeper));
	mp_process_kill(&sleeper);
	mp_process_join(&sleeper);
	mp_shared_free(started);
}
END_TEST

static void *read_a_line(void *file)
{
	char line[80];

	return fgets(line, sizeof(line), file) ? file : NULL;
}

/* From stdin, and from a stream of the program's own. */
START_TEST(start_does_not_wait_for_a_thread_that_reads)
{
	struct mp_process process = {0};
	pthread_t reader;
	int ends[2];
	int zero = 0;
	FILE *file = stdin;

	ck_assert_int_eq(pipe(ends), 0);
	if (_i == 0)
		ck_assert_int_eq(dup2(ends[0], 0), 0);
	else
		ck_assert_ptr_nonnull(file = fdopen(ends[0], "r"));
	ck_assert_int_eq(pthread_create(&reader, NULL, read_a_line, file), 0);
	/* Until it sits in read(2) with the stream locked. */
	while (ftrylockfile(file) == 0) {
		funlockfile(file);
		nap_ms(1);
	}
	alarm(20);
	ck_assert_int_eq(mp_process_start(&process, return_argument, &zero), MP_OK);
	ck_assert_int_eq(mp_process_join(&process), MP_OK);
	ck_assert_int_eq(write(ends[1], "\n", 1), 1);
	pthread_join(reader, NULL);
}
END_TEST

static int count_descriptors(void *argument)
{
	int count = 0;

	(void)argument;
	for (int fd = 0; fd < 200; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

START_TEST(a_join_with_a_timeout_leaves_later_children_no_descriptor)
{
	struct flag *started = mp_shared_new(sizeof(*started));
	struct mp_process sleepers[5] = {0};
	struct mp_process process = {0};
	int code;

	for (int i = 0; i < 5; i++) {
		mp_process_start(&sleepers[i], say_so_and_sleep, started);
		ck_assert_int_eq(mp_process_join_timeout(&sleepers[i], 2), MP_TIMEOUT);
	}
	mp_process_start(&process, count_descriptors, NULL);
	mp_process_join(&process);
	ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
	/* Valgrind has no pidfd: there each process holds one end of a pipe. */
	if (!RUNNING_ON_VALGRIND)
		ck_assert_int_eq(code, count_descriptors(NULL));
	for (int i = 0; i < 5; i++) {
		mp_process_kill(&sleepers[i]);
		mp_process_join(&sleepers[i]);
	}
	mp_shared_free(started);
}
END_TEST

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
	&only_processors_that_may_be_used_are_counted,
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
	&what_was_started_and_not_joined_is_listed,
#ifndef MP_THREADS
	&a_child_has_no_say_in_its_parents_processes,
	&a_join_that_waits_for_a_lost_one_ends,
	&a_join_with_a_timeout_leaves_later_children_no_descriptor,
#endif
};

#ifndef MP_THREADS
/* Each is run for every index: three who may reap, two streams that may be read. */
static const TTest *const *const reapers[] = {
	&an_exit_code_that_somebody_else_took_is_lost,
};
static const TTest *const *const streams[] = {
	&start_does_not_wait_for_a_thread_that_reads,
};
#endif

int main(void)
{
	Suite *suite = suite_create("process");

	add_case(suite, "plain", tests, MP_COUNT(tests));
	if (MP_HARD_TESTS)
		add_case(suite, "hard", hard, MP_COUNT(hard));
#ifndef MP_THREADS
	add_loops(suite, "reapers", reapers, MP_COUNT(reapers), 3);
	add_loops(suite, "streams", streams, MP_COUNT(streams), 2);
#endif
	return run_suite(suite);
}
