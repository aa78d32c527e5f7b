/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>
#include <mp/pool.h>
#include <mp/process.h>
#include <mp/shared.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mp_pool *new_pool(int processes, int maxtasksperchild)
{
	int status = -1;
	struct mp_pool *pool =
		mp_pool_new(&(struct mp_pool_options){.processes = processes,
				    .maxtasksperchild = maxtasksperchild},
			&status);

	ck_assert_int_eq(status, MP_OK);
	ck_assert_ptr_nonnull(pool);
	return pool;
}

static void end_pool(struct mp_pool *pool)
{
	ck_assert_int_eq(mp_pool_close(pool), MP_OK);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_pool_free(pool);
}

static int square(const void *item, void *result)
{
	int number = *(const int *)item;

	*(int *)result = number * number;
	return 0;
}

static int square_range(const void *items, void *results, size_t count)
{
	const int *in = items;
	int *out = results;

	for (size_t i = 0; i < count; i++)
		out[i] = in[i] * in[i];
	return 0;
}

static int *numbers(int count)
{
	int *items = calloc((size_t)count + 1, sizeof(*items));

	for (int i = 0; i < count; i++)
		items[i] = i + 1;
	return items;
}

static void assert_squares(const int *results, int count)
{
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(
			results[i], (int)((unsigned)(i + 1) * (unsigned)(i + 1)));
}

static const int counts[] = {0, 1, 2, 5, 7, 64, 300, 1000, 30000};
static const ptrdiff_t chunksizes[] = {1, 2, 3, 100, PTRDIFF_MAX, MP_CHUNK_AUTO};

START_TEST(results_keep_the_order_for_any_count_and_chunksize)
{
	struct mp_pool *pool = new_pool(3, 0);

	for (size_t i = 0; i < MP_COUNT(counts) - (RUNNING_ON_VALGRIND ? 2 : 0); i++) {
		for (size_t j = 0; j < sizeof(chunksizes) / sizeof(chunksizes[0]); j++) {
			int *items = numbers(counts[i]);
			int *results = calloc((size_t)counts[i] + 1, sizeof(*results));

			ck_assert_int_eq(
				mp_pool_map(pool, square, items, sizeof(int), results,
					sizeof(int), counts[i], chunksizes[j]),
				MP_OK);
			assert_squares(results, counts[i]);
			ck_assert_int_eq(results[counts[i]], 0);
			memset(results, 0, (size_t)counts[i] * sizeof(int));
			ck_assert_int_eq(
				mp_pool_map_range(pool, square_range, items, sizeof(int),
					results, sizeof(int), counts[i], chunksizes[j]),
				MP_OK);
			assert_squares(results, counts[i]);
			ck_assert_int_eq(results[counts[i]], 0);
			free(items);
			free(results);
		}
	}
	end_pool(pool);
}
END_TEST

START_TEST(shared_items_are_worked_on_in_place)
{
	enum { COUNT = 5000 };
	int *shared = mp_shared_new(2 * COUNT * sizeof(int));
	int *private = numbers(COUNT);
	struct mp_pool *pool = new_pool(2, 0);

	memcpy(shared, private, COUNT * sizeof(int));
	ck_assert_int_eq(mp_pool_map_shared(pool, square, shared, sizeof(int),
				 shared + COUNT, sizeof(int), COUNT, MP_CHUNK_AUTO),
		MP_OK);
	assert_squares(shared + COUNT, COUNT);
	ck_assert_int_eq(mp_pool_map_range_shared(pool, square_range, shared, sizeof(int),
				 shared, sizeof(int), COUNT, 7),
		MP_OK);
	assert_squares(shared, COUNT);
	end_pool(pool);
	free(private);
	mp_shared_free(shared);
}
END_TEST

START_TEST(misuse_is_answered)
{
	int status = MP_OK;
	int items[2] = {1, 2};
	int results[2];
	struct mp_pool *pool;

	ck_assert_ptr_null(
		mp_pool_new(&(struct mp_pool_options){.processes = -1}, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(
		mp_pool_new(&(struct mp_pool_options){.maxtasksperchild = -1}, &status));
	ck_assert_int_eq(status, MP_INVALID);
	pool = new_pool(2, 0);
#define MAP(count, chunksize)                                                            \
	mp_pool_map(pool, square, items, sizeof(int), results, sizeof(int), count,       \
		chunksize)
	ck_assert_int_eq(MAP(2, 0), MP_INVALID);
	ck_assert_int_eq(MAP(2, -1), MP_INVALID);
	ck_assert_int_eq(MAP(-1, 1), MP_INVALID);
	ck_assert_int_eq(
		mp_pool_map(pool, NULL, items, sizeof(int), results, sizeof(int), 2, 1),
		MP_INVALID);
	ck_assert_int_eq(mp_pool_map(pool, square, items, SIZE_MAX / 2, results, 4, 2, 1),
		MP_NO_MEMORY);
	ck_assert_int_eq(mp_pool_join(pool), MP_STILL_RUNNING);
	ck_assert_int_eq(MAP(2, 1), MP_OK);
	ck_assert_int_eq(mp_pool_close(pool), MP_OK);
	ck_assert_int_eq(mp_pool_close(pool), MP_OK);
	ck_assert_int_eq(MAP(2, 1), MP_CLOSED);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	ck_assert_int_eq(MAP(2, 1), MP_CLOSED);
	ck_assert_int_eq(mp_pool_worker_id(pool, 2), 0);
	ck_assert_int_eq(mp_pool_worker_id(pool, -1), 0);
	mp_pool_free(pool);
	mp_pool_free(NULL);
}
END_TEST

static int fail_on_multiples_of_ten(const void *item, void *result)
{
	int number = *(const int *)item;

	*(int *)result = number;
	return number % 10 == 0 ? number : 0;
}

START_TEST(items_that_fail_are_reported_and_the_rest_is_done)
{
	int *items = numbers(95);
	int results[95];
	struct mp_pool_failure failures[20];
	struct mp_pool *pool = new_pool(2, 0);
	bool seen[96] = {false};

	ck_assert_int_eq(mp_pool_map(pool, fail_on_multiples_of_ten, items, sizeof(int),
				 results, sizeof(int), 95, 4),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, failures, 20), 9);
	for (int i = 0; i < 9; i++) {
		ck_assert_uint_eq(failures[i].count, 1);
		ck_assert_int_eq(failures[i].code, (int)failures[i].index + 1);
		ck_assert_int_eq(failures[i].code % 10, 0);
		ck_assert(!seen[failures[i].index]);
		seen[failures[i].index] = true;
	}
	/* What a failed item left in its result is not delivered. */
	for (int i = 0; i < 95; i++)
		ck_assert_int_eq(results[i], (i + 1) % 10 == 0 ? 0 : i + 1);
	ck_assert_int_eq(
		mp_pool_map(pool, square, items, sizeof(int), results, sizeof(int), 5, 1),
		MP_OK);
	ck_assert_uint_eq(mp_pool_failures(pool, failures, 20), 0);
	end_pool(pool);
	free(items);
}
END_TEST

static int fail_always(const void *item, void *result)
{
	(void)item;
	(void)result;
	return 7;
}

START_TEST(every_failure_is_reported_however_many_there_are)
{
	enum { COUNT = 5000 };
	struct mp_pool *pool = new_pool(2, 0);
	int *items = numbers(COUNT);
	static int results[COUNT];
	static struct mp_pool_failure failures[COUNT];

	memset(results, 0xff, sizeof(results));
	ck_assert_int_eq(mp_pool_map(pool, fail_always, items, sizeof(int), results,
				 sizeof(int), COUNT, 10),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, failures, COUNT), COUNT);
	for (int i = 0; i < COUNT; i++) {
		ck_assert_uint_eq(failures[i].index, (size_t)i);
		ck_assert_uint_eq(failures[i].count, 1);
		ck_assert_int_eq(failures[i].code, 7);
		ck_assert_int_eq(results[i], 0);
	}
	end_pool(pool);
	free(items);
}
END_TEST

START_TEST(a_count_that_no_memory_holds_is_refused)
{
	struct mp_pool *pool = new_pool(2, 0);
	ptrdiff_t counts_too_large[] = {
		PTRDIFF_MAX, PTRDIFF_MAX / 4, PTRDIFF_MAX / 8 + 1, (ptrdiff_t)1 << 60};
	int items[2] = {1, 2};
	int results[2] = {0};
	int status;

	for (size_t i = 0; i < MP_COUNT(counts_too_large); i++) {
		ptrdiff_t count = counts_too_large[i];

		ck_assert_int_eq(mp_pool_map(pool, square, items, sizeof(int), results,
					 sizeof(int), count, 1),
			MP_NO_MEMORY);
		ck_assert_int_eq(
			mp_pool_map_shared(pool, square, NULL, 0, NULL, 0, count, 1),
			MP_NO_MEMORY);
		ck_assert_int_eq(mp_pool_map_range(pool, square_range, items, sizeof(int),
					 results, sizeof(int), count, MP_CHUNK_AUTO),
			MP_NO_MEMORY);
		ck_assert_ptr_null(mp_pool_map_async(
			pool, square, items, sizeof(int), 0, count, 1, &status));
		ck_assert_int_eq(status, MP_NO_MEMORY);
	}
	ck_assert_int_eq(
		mp_pool_map(pool, square, items, sizeof(int), results, sizeof(int), 2, 1),
		MP_OK);
	ck_assert_int_eq(results[1], 4);
	end_pool(pool);
}
END_TEST

static int give_id(const void *item, void *result)
{
	(void)item;
	*(pid_t *)result = mp_current_id();
	return 0;
}

START_TEST(a_worker_retires_after_its_chunks)
{
	enum { COUNT = 60 };
	pid_t ids[COUNT] = {0};
	struct mp_pool *pool = new_pool(2, 3);

	for (int chunksize = 1; chunksize <= 2; chunksize++) {
		ck_assert_int_eq(mp_pool_map(pool, give_id, ids, sizeof(pid_t), ids,
					 sizeof(pid_t), COUNT, chunksize),
			MP_OK);
		for (int i = 0; i < COUNT; i++) {
			int same = 0;

			for (int j = 0; j < COUNT; j++)
				same += ids[j] == ids[i];
			ck_assert_int_le(same, 3 * chunksize);
			ck_assert_int_ne(ids[i], mp_current_id());
		}
	}
	end_pool(pool);
}
END_TEST

struct start {
	_Atomic int calls;
	int value;
};
static _Thread_local int greeting;

static int count_and_keep(void *initargs)
{
	struct start *start = initargs;

	start->calls++;
	greeting = start->value;
	return 0;
}

static int give_greeting(const void *item, void *result)
{
	(void)item;
	*(int *)result = greeting;
	return 0;
}

START_TEST(each_worker_runs_the_initializer_first)
{
	struct start *start = mp_shared_new(sizeof(*start));
	struct mp_pool *pool;
	int results[40] = {0};

	start->value = 17;
	pool = mp_pool_new(&(struct mp_pool_options){.processes = 2,
				   .maxtasksperchild = 5,
				   .initializer = count_and_keep,
				   .initargs = start},
		NULL);
	ck_assert_int_eq(
		mp_pool_map(pool, give_greeting, NULL, 0, results, sizeof(int), 40, 1),
		MP_OK);
	for (int i = 0; i < 40; i++)
		ck_assert_int_eq(results[i], 17);
	end_pool(pool);
	ck_assert_int_ge(start->calls, 8);
	mp_shared_free(start);
}
END_TEST

static int refuse(void *initargs)
{
	struct start *start = initargs;

	start->calls++;
	return 3;
}

START_TEST(a_failing_initializer_breaks_the_pool_once)
{
	struct start *start = mp_shared_new(sizeof(*start));
	struct mp_pool *pool = mp_pool_new(
		&(struct mp_pool_options){
			.processes = 2, .initializer = refuse, .initargs = start},
		NULL);
	int items[3] = {1, 2, 3};
	int results[3];

	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(mp_pool_map(pool, square, items, sizeof(int), results,
					 sizeof(int), 3, 1),
			MP_INITIALIZER_FAILED);
	ck_assert_int_le(start->calls, 2);
	ck_assert_int_eq(mp_pool_close(pool), MP_OK);
	mp_pool_join(pool);
	mp_pool_free(pool);
	mp_shared_free(start);
}
END_TEST

static int end_on_37(const void *item, void *result)
{
	int number = *(const int *)item;

	if (number == 37)
		mp_process_exit(9);
	return square(item, result);
}

START_TEST(a_worker_that_ends_costs_only_the_item_in_hand)
{
	enum { COUNT = 1000 };
	int *items = numbers(COUNT);
	int results[COUNT];
	struct mp_pool_failure failure;
	struct mp_pool *pool = new_pool(2, 0);
	static const ptrdiff_t sizes[] = {1, 10, 500, MP_CHUNK_AUTO};

	for (size_t i = 0; i < 4; i++) {
		memset(results, 0, sizeof(results));
		ck_assert_int_eq(mp_pool_map(pool, end_on_37, items, sizeof(int), results,
					 sizeof(int), COUNT, sizes[i]),
			MP_ITEM_FAILED);
		ck_assert_uint_eq(mp_pool_failures(pool, &failure, 1), 1);
		ck_assert_uint_eq(failure.index, 36);
		ck_assert_uint_eq(failure.count, 1);
		ck_assert_int_eq(failure.code, 9);
		results[36] = 37 * 37;
		assert_squares(results, COUNT);
	}
	end_pool(pool);
	free(items);
}
END_TEST

static int end_on_first(const void *items, void *results, size_t count)
{
	if (*(const int *)items == 1)
		mp_process_exit(0);
	return square_range(items, results, count);
}

START_TEST(a_range_in_hand_fails_as_a_whole)
{
	enum { COUNT = 100 };
	int *items = numbers(COUNT);
	int results[COUNT] = {0};
	struct mp_pool_failure failure;
	struct mp_pool *pool = new_pool(2, 0);

	ck_assert_int_eq(mp_pool_map_range(pool, end_on_first, items, sizeof(int),
				 results, sizeof(int), COUNT, 7),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, &failure, 1), 1);
	ck_assert_uint_eq(failure.index, 0);
	ck_assert_uint_eq(failure.count, 7);
	ck_assert_int_eq(failure.code, 0);
	for (int i = 0; i < 7; i++)
		results[i] = (i + 1) * (i + 1);
	assert_squares(results, COUNT);
	end_pool(pool);
	free(items);
}
END_TEST

static int end_always(const void *item, void *result)
{
	(void)item;
	(void)result;
	mp_process_exit(1);
}

START_TEST(even_if_every_item_ends_its_worker_the_map_ends)
{
	int items[20] = {0};
	struct mp_pool *pool = new_pool(2, 0);

	ck_assert_int_eq(
		mp_pool_map(pool, end_always, items, sizeof(int), NULL, 0, 20, 3),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, NULL, 0), 20);
	end_pool(pool);
}
END_TEST

#if !MP_UNDER_ADDRESS_SANITIZER && !defined(__SANITIZE_THREAD__)

/* With little address space the pool maps little memory: 60 MB of items cannot lie there
 * at once. */
START_TEST(large_maps_go_through_in_slices)
{
	enum { COUNT = 3000, SIZE = 20000 };
	char *items = calloc(COUNT, SIZE);
	int *results = calloc(COUNT, sizeof(int));
	struct mp_pool_failure failures[3];
	struct rlimit limit;
	struct mp_pool *pool;

	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = (rlim_t)250 << 20;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
	pool = new_pool(2, 0);
	for (int i = 0; i < COUNT; i++)
		*(int *)(void *)(items + (size_t)i * SIZE) = i + 1;
	ck_assert_int_eq(
		mp_pool_map(pool, square, items, SIZE, results, sizeof(int), COUNT, 10),
		MP_OK);
	assert_squares(results, COUNT);
	for (int i = 0; i < COUNT; i++)
		*(int *)(void *)(items + (size_t)i * SIZE) = i % 1000 ? 1 : 10;
	ck_assert_int_eq(mp_pool_map(pool, fail_on_multiples_of_ten, items, SIZE, results,
				 sizeof(int), COUNT, 10),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, failures, 3), 3);
	ck_assert_uint_eq(failures[2].index, 2000);
	end_pool(pool);
	free(results);
	free(items);
}
END_TEST

#endif

#ifndef MP_THREADS

static int kill_self_on_37(const void *item, void *result)
{
	if (*(const int *)item == 37)
		kill(getpid(), SIGKILL);
	return square(item, result);
}

START_TEST(a_killed_worker_is_reported_with_its_signal)
{
	enum { COUNT = 1000 };
	int *items = numbers(COUNT);
	int results[COUNT];
	struct mp_pool_failure failure;
	struct mp_pool *pool = new_pool(2, 0);

	ck_assert_int_eq(mp_pool_map(pool, kill_self_on_37, items, sizeof(int), results,
				 sizeof(int), COUNT, MP_CHUNK_AUTO),
		MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_pool_failures(pool, &failure, 1), 1);
	ck_assert_uint_eq(failure.index, 36);
	ck_assert_int_eq(failure.code, -SIGKILL);
	results[36] = 37 * 37;
	assert_squares(results, COUNT);
	end_pool(pool);
	free(items);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}
END_TEST

START_TEST(idle_workers_may_be_killed)
{
	int *items = numbers(5);
	int results[5];
	struct mp_pool *pool = new_pool(2, 0);

	for (int round = 0; round < 20; round++) {
		for (int worker = 0; worker < 2; worker++)
			kill(mp_pool_worker_id(pool, worker), SIGKILL);
		ck_assert_int_eq(mp_pool_map(pool, square, items, sizeof(int), results,
					 sizeof(int), 5, 1),
			MP_OK);
		assert_squares(results, 5);
	}
	end_pool(pool);
	free(items);
}
END_TEST

static int hold_still(const void *item, void *result)
{
	(void)item;
	(void)result;
	return sleep_for_ever();
}

static int kill_initializer(void *initargs)
{
	(void)initargs;
	return raise(SIGKILL);
}

START_TEST(an_initializer_that_dies_breaks_the_pool)
{
	struct mp_pool *pool = mp_pool_new(&(struct mp_pool_options){.processes = 2,
						   .initializer = kill_initializer},
		NULL);
	int item = 1;

	ck_assert_int_eq(mp_pool_map(pool, hold_still, &item, sizeof(int), NULL, 0, 1, 1),
		MP_INITIALIZER_FAILED);
	mp_pool_free(pool);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static FILE *log_file;

static int print_number(const void *item, void *result)
{
	(void)result;
	fprintf(log_file, "%d\n", *(const int *)item);
	return 0;
}

/* Not only when they end: an idle worker may still be killed. */
START_TEST(idle_workers_have_written_their_output)
{
	int items[3] = {1, 2, 3};
	struct stat file = {0};
	struct mp_pool *pool;

	log_file = tmpfile();
	ck_assert_ptr_nonnull(log_file);
	pool = new_pool(2, 0);
	ck_assert_int_eq(
		mp_pool_map(pool, print_number, items, sizeof(int), NULL, 0, 3, 1),
		MP_OK);
	/* The case's limit of time ends it if that never happens. */
	while (file.st_size < 6) {
		nap_ms(1);
		ck_assert_int_eq(fstat(fileno(log_file), &file), 0);
	}
	ck_assert_int_eq(mp_pool_terminate(pool), MP_OK);
	mp_pool_free(pool);
	fseek(log_file, 0, SEEK_END);
	ck_assert_int_eq(ftell(log_file), 6);
	fclose(log_file);
}
END_TEST

START_TEST(a_child_may_not_use_its_parents_pool)
{
	struct mp_pool *pool = new_pool(1, 0);
	int item = 1;
	int status;
	pid_t child = fork();

	if (child == 0) {
		status = mp_pool_map(pool, square, &item, 4, &item, 4, 1, 1);
		mp_pool_free(pool);
		_exit(status);
	}
	waitpid(child, &status, 0);
	ck_assert_int_eq(WEXITSTATUS(status), MP_NOT_PARENT);
	ck_assert_int_eq(mp_pool_map(pool, square, &item, 4, &item, 4, 1, 1), MP_OK);
	end_pool(pool);
}
END_TEST

#endif

static const TTest *const *const tests[] = {
	&results_keep_the_order_for_any_count_and_chunksize,
	&shared_items_are_worked_on_in_place,
	&misuse_is_answered,
	&items_that_fail_are_reported_and_the_rest_is_done,
	&every_failure_is_reported_however_many_there_are,
	&a_count_that_no_memory_holds_is_refused,
	&a_worker_retires_after_its_chunks,
	&each_worker_runs_the_initializer_first,
	&a_failing_initializer_breaks_the_pool_once,
	&a_worker_that_ends_costs_only_the_item_in_hand,
	&a_range_in_hand_fails_as_a_whole,
#ifndef MP_THREADS
	&a_killed_worker_is_reported_with_its_signal,
	&idle_workers_may_be_killed,
	&an_initializer_that_dies_breaks_the_pool,
	&idle_workers_have_written_their_output,
	&a_child_may_not_use_its_parents_pool,
#endif
};

static const TTest *const *const hard[] = {
#if !MP_UNDER_ADDRESS_SANITIZER && !defined(__SANITIZE_THREAD__)
	&large_maps_go_through_in_slices,
#endif
	&even_if_every_item_ends_its_worker_the_map_ends,
};

MP_TEST_MAIN("pool", tests, hard)
