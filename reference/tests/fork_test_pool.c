/* SPDX-License-Identifier: MIT */
/*
 * A pool in a rough program: children that inherited it, signals without end, children reaped by
 * somebody else, items that fork, become another program or close what they find.
 */
#include "suite.h"

#include <errno.h>
#include <mp/event.h>
#include <mp/pool.h>
#include <mp/process.h>
#include <mp/shared.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mp_pool *new_pool(int processes)
{
	struct mp_pool *pool =
		mp_pool_new(&(struct mp_pool_options){.processes = processes}, NULL);

	ck_assert_ptr_nonnull(pool);
	return pool;
}

static int number_of(const void *item)
{
	return *(const int *)item;
}

static int add_one(const void *item, void *result)
{
	*(int *)result = number_of(item) + 1;
	return 0;
}

static bool count_up(void *source, void *item)
{
	int *next = source;

	*(int *)item = (*next)++;
	return *next <= 1000;
}

/* What somebody has in hand who does not own it. */
struct inherited {
	struct mp_pool *pool;
	struct mp_result *result;
	struct mp_iterator *iterator;
	bool free_pool;
};

/* How many calls answered something else than they should. */
static int use_inherited(void *argument)
{
	struct inherited *inherited = argument;
	struct mp_pool_failure failure;
	int numbers[1000] = {0};
	int status = MP_OK;
	int wrong = 0;

	wrong += mp_result_wait(inherited->result) != MP_NOT_PARENT;
	wrong += mp_result_wait_timeout(inherited->result, 1) != MP_NOT_PARENT;
	wrong += mp_result_get(inherited->result, numbers) != MP_NOT_PARENT;
	wrong += mp_result_get_timeout(inherited->result, numbers, 1) != MP_NOT_PARENT;
	wrong += mp_result_cancel(inherited->result) != MP_NOT_PARENT;
	wrong += mp_result_ready(inherited->result);
	wrong += mp_result_failures(inherited->result, &failure, 1) != 0;
	wrong += mp_iterator_next(inherited->iterator, numbers, NULL) != MP_NOT_PARENT;
	wrong += mp_pool_map(inherited->pool, add_one, numbers, 4, numbers, 4, 1, 1) !=
		 MP_NOT_PARENT;
	wrong += mp_pool_apply_async(inherited->pool, add_one, numbers, 4, 4, &status) !=
			 NULL ||
		 status != MP_NOT_PARENT;
	wrong += mp_pool_close(inherited->pool) != MP_NOT_PARENT;
	wrong += mp_pool_join(inherited->pool) != MP_NOT_PARENT;
	wrong += mp_pool_terminate(inherited->pool) != MP_NOT_PARENT;
	wrong += mp_pool_worker_id(inherited->pool, 0) != 0;
	mp_result_free(inherited->result);
	mp_iterator_free(inherited->iterator);
	if (inherited->free_pool)
		mp_pool_free(inherited->pool);
	return wrong;
}

static void *use_from_a_thread(void *argument)
{
	return use_inherited(argument) == 0 ? argument : NULL;
}

/* A child that frees its copy of everything, and another thread, while much is under way. */
START_TEST(others_change_nothing_of_the_owners_work)
{
	enum { COUNT = 200000 };
	struct mp_pool *pool = new_pool(2);
	int *numbers = calloc(COUNT, sizeof(*numbers));
	struct inherited inherited = {.pool = pool};
	struct mp_process child = {0};
	pthread_t thread;
	void *answer = NULL;
	int next = 0;
	int code = -1;
	int result;

	for (int i = 0; i < COUNT; i++)
		numbers[i] = i;
	inherited.result = mp_pool_map_async(
		pool, add_one, numbers, sizeof(int), sizeof(int), COUNT, 1000, NULL);
	inherited.iterator = mp_pool_imap(
		pool, add_one, count_up, &next, sizeof(int), sizeof(int), 1, NULL);
	ck_assert_int_eq(mp_iterator_next(inherited.iterator, &result, NULL), MP_OK);
	ck_assert_int_eq(pthread_create(&thread, NULL, use_from_a_thread, &inherited), 0);
	pthread_join(thread, &answer);
	ck_assert_ptr_nonnull(answer);
	inherited.free_pool = true;
	ck_assert_int_eq(mp_process_start(&child, use_inherited, &inherited), MP_OK);
	ck_assert_int_eq(mp_process_join(&child), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(&child, &code), MP_OK);
	ck_assert_int_eq(code, 0);
	ck_assert_int_eq(mp_result_get(inherited.result, numbers), MP_OK);
	for (int i = 0; i < COUNT; i++)
		ck_assert_int_eq(numbers[i], i + 1);
	for (int i = 2; i <= 1000; i++) {
		ck_assert_int_eq(
			mp_iterator_next(inherited.iterator, &result, NULL), MP_OK);
		ck_assert_int_eq(result, i);
	}
	mp_iterator_free(inherited.iterator);
	mp_result_free(inherited.result);
	mp_pool_free(pool);
	free(numbers);
}
END_TEST

static void do_nothing(int signal)
{
	(void)signal;
}

static int die_on_three(const void *item, void *result)
{
	(void)result;
	if (number_of(item) == 3)
		kill(getpid(), SIGKILL);
	return 0;
}

/* Of the items 0 to 7, the one that kills its worker fails, with this code. */
static void assert_three_dies(struct mp_pool *pool, int code)
{
	int items[8] = {0, 1, 2, 3, 4, 5, 6, 7};
	struct mp_pool_failure failures[8];

	ck_assert_int_eq(
		mp_pool_map(pool, die_on_three, items, sizeof(int), NULL, 0, 8, 1),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, failures, 8), 1);
	ck_assert_uint_eq(failures[0].index, 3);
	ck_assert_int_eq(failures[0].code, code);
}

/* A signal each millisecond, with system calls interrupted or restarted. */
START_TEST(a_death_is_noticed_under_a_storm_of_signals)
{
	struct sigaction action = {
		.sa_handler = do_nothing, .sa_flags = _i ? SA_RESTART : 0};
	struct itimerval often = {{0, 1000}, {0, 1000}};
	struct mp_pool *pool = new_pool(2);

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int round = 0; round < 5; round++)
		assert_three_dies(pool, -SIGKILL);
	mp_pool_free(pool);
	setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
}
END_TEST

static void reap_all(int signal)
{
	int error = errno;

	(void)signal;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = error;
}

START_TEST(a_worker_that_somebody_else_reaped_is_no_success)
{
	struct sigaction reaping = {.sa_handler = reap_all, .sa_flags = SA_RESTART};
	struct mp_pool *pool;

	if (_i == 0)
		signal(SIGCHLD, SIG_IGN);
	else
		sigaction(SIGCHLD, &reaping, NULL);
	pool = new_pool(2);
	assert_three_dies(pool, MP_CODE_LOST);
	assert_three_dies(pool, MP_CODE_LOST);
	ck_assert_int_eq(mp_pool_close(pool), MP_OK);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_pool_free(pool);
}
END_TEST

struct runs {
	_Atomic int of_item[40];
};
static struct runs *runs;

static int fork_on_two(const void *item, void *result)
{
	int number = number_of(item);

	runs->of_item[number]++;
	*(int *)result = number;
	if (number % 10 == 2 && fork() < 0)
		return 1;
	return 0;
}

static int fork_too(void *initargs)
{
	(void)initargs;
	return fork() < 0;
}

/* The children of items and of initializers end, and do nothing that is a worker's. */
START_TEST(an_item_may_fork)
{
	int items[40];
	int results[40];
	struct mp_pool *pool;

	/* Orphans become ours. */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	runs = mp_shared_new(sizeof(*runs));
	for (int i = 0; i < 40; i++)
		items[i] = i;
	pool = mp_pool_new(
		&(struct mp_pool_options){.processes = 2, .initializer = fork_too}, NULL);
	ck_assert_int_eq(mp_pool_map(pool, fork_on_two, items, sizeof(int), results,
				 sizeof(int), 40, _i ? 7 : 1),
		MP_OK);
	for (int i = 0; i < 40; i++) {
		ck_assert_int_eq(runs->of_item[i], 1);
		ck_assert_int_eq(results[i], i);
	}
	mp_pool_free(pool);
	while (waitpid(-1, NULL, 0) > 0)
		;
	ck_assert_int_eq(errno, ECHILD);
	mp_shared_free(runs);
}
END_TEST

static int misbehave(const void *item, void *result)
{
	*(int *)result = 1;
	switch (number_of(item)) {
	case 1:
		execl("/bin/sleep", "sleep", "1000", NULL);
		return 1;
	case 2:
		for (int fd = 3; fd < 1000; fd++)
			close(fd);
		return 0;
	case 3:
		pthread_exit(NULL);
	default:
		return 0;
	}
}

START_TEST(a_worker_that_becomes_something_else_is_replaced)
{
	struct mp_pool *pool = new_pool(2);
	struct mp_pool_failure failures[4];
	int items[4] = {0, 1, 2, 3};
	int results[4];

	ck_assert_int_eq(mp_pool_map(pool, misbehave, items, sizeof(int), results,
				 sizeof(int), 4, 1),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, failures, 4), 2);
	ck_assert_uint_eq(failures[0].index, 1);
	ck_assert_uint_eq(failures[1].index, 3);
	ck_assert_int_eq(results[0] + results[2], 2);
	ck_assert_int_eq(results[1] + results[3], 0);
	mp_pool_free(pool);
}
END_TEST

static int print_line(const void *item, void *result)
{
	(void)result;
	printf("line %d\n", number_of(item));
	return 0;
}

static int print_by_a_pool(void *file)
{
	struct mp_pool *pool;
	int items[5] = {1, 2, 3, 4, 5};

	if (dup2(fileno(file), STDOUT_FILENO) < 0)
		return 1;
	printf("before\n");
	pool = mp_pool_new(&(struct mp_pool_options){.processes = 2}, NULL);
	if (mp_pool_map(pool, print_line, items, sizeof(int), NULL, 0, 5, 1) != MP_OK)
		return 2;
	mp_pool_free(pool);
	printf("after\n");
	return 0;
}

START_TEST(nothing_that_was_printed_is_lost_by_free)
{
	struct mp_process process = {0};
	FILE *file = tmpfile();
	char text[1000] = "";
	int code;

	for (int round = 0; round < 20; round++) {
		rewind(file);
		ck_assert_int_eq(ftruncate(fileno(file), 0), 0);
		mp_process_start(&process, print_by_a_pool, file);
		mp_process_join(&process);
		ck_assert_int_eq(mp_process_exit_code(&process, &code), MP_OK);
		ck_assert_int_eq(code, 0);
		rewind(file);
		text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
		ck_assert_uint_eq(strlen(text), strlen("before\nafter\n") + 5 * 7);
		for (int i = 1; i <= 5; i++) {
			char line[20];

			snprintf(line, sizeof(line), "line %d\n", i);
			ck_assert_ptr_nonnull(strstr(text, line));
		}
	}
	fclose(file);
}
END_TEST

START_TEST(free_does_not_wait_for_a_stopped_worker_for_ever)
{
	struct mp_pool *pool = new_pool(2);

	kill(mp_pool_worker_id(pool, 0), SIGSTOP);
	mp_pool_free(pool);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static int setting = 1;

static int give_setting(const void *item, void *result)
{
	(void)item;
	*(int *)result = setting;
	return 0;
}

START_TEST(a_replacing_worker_sees_memory_as_it_is_now)
{
	struct mp_pool *pool = mp_pool_new(
		&(struct mp_pool_options){.processes = 1, .maxtasksperchild = 1}, NULL);
	int results[2] = {0};

	setting = 2;
	ck_assert_int_eq(
		mp_pool_map(pool, give_setting, NULL, 0, results, sizeof(int), 2, 1),
		MP_OK);
	ck_assert_int_eq(results[0], 1);
	ck_assert_int_eq(results[1], 2);
	mp_pool_free(pool);
}
END_TEST

static int wait_for_event(const void *item, void *result)
{
	(void)result;
	return mp_event_wait(*(struct mp_event *const *)item);
}

START_TEST(a_slow_job_holds_up_no_other)
{
	struct mp_event *event = mp_shared_new(sizeof(*event));
	struct mp_pool *pool = new_pool(2);
	struct mp_result *slow = mp_pool_apply_async(
		pool, wait_for_event, &event, sizeof(struct mp_event *), 0, NULL);

	for (int i = 0; i < 300; i++) {
		int number = -1;

		ck_assert_int_eq(mp_pool_apply(pool, add_one, &i, sizeof(int), &number,
					 sizeof(int)),
			MP_OK);
		ck_assert_int_eq(number, i + 1);
	}
	ck_assert(!mp_result_ready(slow));
	mp_event_set(event);
	ck_assert_int_eq(mp_result_get(slow, NULL), MP_OK);
	mp_result_free(slow);
	mp_pool_free(pool);
	mp_shared_free(event);
}
END_TEST

START_TEST(five_thousand_kept_handles_are_no_burden)
{
	enum { HANDLES = 5000 };
	static struct mp_result *results[HANDLES];
	struct mp_pool *pool = new_pool(2);
	double begin = (double)clock();

	for (int i = 0; i < HANDLES; i++) {
		results[i] = mp_pool_apply_async(
			pool, add_one, &i, sizeof(int), sizeof(int), NULL);
		ck_assert_int_eq(mp_result_wait(results[i]), MP_OK);
	}
	for (int i = HANDLES - 1; i >= 0; i--) {
		int number;

		ck_assert_int_eq(mp_result_get(results[i], &number), MP_OK);
		ck_assert_int_eq(number, i + 1);
		mp_result_free(results[i]);
	}
	/* To look through all of them each time took above a second on an idle machine. */
	ck_assert(((double)clock() - begin) / CLOCKS_PER_SEC < 0.8);
	mp_pool_free(pool);
}
END_TEST

static const TTest *const *const tests[] = {
	&others_change_nothing_of_the_owners_work,
	&a_worker_that_becomes_something_else_is_replaced,
	&nothing_that_was_printed_is_lost_by_free,
	&free_does_not_wait_for_a_stopped_worker_for_ever,
	&a_replacing_worker_sees_memory_as_it_is_now,
	&a_slow_job_holds_up_no_other,
	&five_thousand_kept_handles_are_no_burden,
};

/* Each is run for both values of _i. */
static const TTest *const *const loops[] = {
	&a_death_is_noticed_under_a_storm_of_signals,
	&a_worker_that_somebody_else_reaped_is_no_success,
	&an_item_may_fork,
};

int main(void)
{
	Suite *suite = suite_create("rough");

	add_case(suite, "plain", tests, MP_COUNT(tests));
	add_loops(suite, "twice", loops, MP_COUNT(loops), 2);
	return run_suite(suite);
}
