/* SPDX-License-Identifier: MIT */
/* The pool's calls that do not wait, and its iterators. */
#include "suite.h"

#include <mp/event.h>
#include <mp/pool.h>
#include <mp/process.h>
#include <mp/shared.h>
#include <string.h>

enum { MANY = 200 };

static struct mp_pool *new_pool(int processes)
{
	struct mp_pool *pool =
		mp_pool_new(&(struct mp_pool_options){.processes = processes}, NULL);

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

static int fail_on_odd(const void *item, void *result)
{
	int number = *(const int *)item;

	*(int *)result = number;
	return number % 2;
}

START_TEST(many_results_are_under_way_at_one_time)
{
	struct mp_pool *pool = new_pool(2);
	struct mp_result *results[MANY];
	int status = -1;

	for (int i = 0; i < MANY; i++) {
		results[i] = mp_pool_apply_async(
			pool, square, &i, sizeof(i), sizeof(int), &status);
		ck_assert_int_eq(status, MP_OK);
	}
	/* Taken in another order than given. */
	for (int i = MANY - 1; i >= 0; i--) {
		int number = 0;

		ck_assert_int_eq(mp_result_get(results[i], &number), MP_OK);
		ck_assert_int_eq(number, i * i);
		ck_assert(mp_result_ready(results[i]));
		ck_assert_int_eq(mp_result_get(results[i], &number), MP_OK);
		mp_result_free(results[i]);
	}
	mp_result_free(NULL);
	end_pool(pool);
}
END_TEST

START_TEST(failures_belong_to_their_own_result)
{
	struct mp_pool *pool = new_pool(2);
	int items[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
	int results[10];
	struct mp_result *good;
	struct mp_result *bad;
	struct mp_pool_failure failures[10];
	int number;

	bad = mp_pool_map_async(
		pool, fail_on_odd, items, sizeof(int), sizeof(int), 10, 3, NULL);
	good = mp_pool_map_async(
		pool, square, items, sizeof(int), sizeof(int), 10, 3, NULL);
	ck_assert_int_eq(mp_result_get(good, results), MP_OK);
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(results[i], i * i);
	ck_assert_uint_eq(mp_result_failures(good, failures, 10), 0);
	ck_assert_int_eq(mp_result_get(bad, results), MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_result_failures(bad, failures, 10), 5);
	for (int i = 0; i < 5; i++)
		ck_assert_uint_eq(failures[i].index % 2, 1);
	mp_result_free(good);
	mp_result_free(bad);
	number = 7;
	ck_assert_int_eq(mp_pool_apply(pool, square, &number, 4, &number, 4), MP_OK);
	ck_assert_int_eq(number, 49);
	ck_assert_int_eq(
		mp_pool_apply(pool, fail_on_odd, &number, 4, &number, 4), MP_ITEM_FAILED);
	end_pool(pool);
}
END_TEST

static int wait_for_event(const void *item, void *result)
{
	(void)result;
	return mp_event_wait(*(struct mp_event *const *)item);
}

START_TEST(a_wait_gives_up_at_its_deadline)
{
	struct mp_event *event = mp_shared_new(sizeof(*event));
	struct mp_pool *pool = new_pool(1);
	struct mp_result *result = mp_pool_apply_async(
		pool, wait_for_event, &event, sizeof(struct mp_event *), 0, NULL);

	ck_assert(!mp_result_ready(result));
	ck_assert_int_eq(mp_result_wait_timeout(result, 0), MP_TIMEOUT);
	ck_assert_int_eq(mp_result_wait_timeout(result, 30), MP_TIMEOUT);
	ck_assert_uint_eq(mp_result_failures(result, NULL, 0), 0);
	mp_event_set(event);
	ck_assert_int_eq(mp_result_wait_timeout(result, 100000), MP_OK);
	ck_assert_int_eq(mp_result_get(result, NULL), MP_OK);
	mp_result_free(result);
	end_pool(pool);
	mp_shared_free(event);
}
END_TEST

START_TEST(join_waits_for_results_nobody_has_taken)
{
	struct mp_pool *pool = new_pool(2);
	struct mp_result *result;
	int items[100];
	int results[100];

	for (int i = 0; i < 100; i++)
		items[i] = i;
	result = mp_pool_map_async(
		pool, square, items, sizeof(int), sizeof(int), 100, 1, NULL);
	mp_pool_close(pool);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	ck_assert(mp_result_ready(result));
	ck_assert_int_eq(mp_result_get(result, results), MP_OK);
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(results[i], i * i);
	mp_pool_free(pool);
	ck_assert_int_eq(mp_result_get(result, results), MP_TERMINATED);
	mp_result_free(result);
}
END_TEST

static bool never(void *source, void *item)
{
	(void)source;
	(void)item;
	return false;
}

START_TEST(misuse_is_answered)
{
	struct mp_pool *pool = new_pool(1);
	int status = MP_OK;
	int number = 1;

	ck_assert_ptr_null(mp_pool_map_async(pool, square, &number, 4, 4, 1, 0, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(
		mp_pool_map_async(pool, square, &number, 4, 4, -1, 1, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(mp_pool_imap(pool, square, NULL, NULL, 4, 4, 1, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(mp_pool_imap(pool, square, never, NULL, 4, 4, 0, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(
		mp_pool_imap_unordered(pool, square, never, NULL, 4, 4, -1, &status));
	ck_assert_int_eq(status, MP_INVALID);
	mp_pool_close(pool);
	ck_assert_ptr_null(mp_pool_apply_async(pool, square, &number, 4, 4, &status));
	ck_assert_int_eq(status, MP_CLOSED);
	ck_assert_ptr_null(mp_pool_imap(pool, square, never, NULL, 4, 4, 1, &status));
	ck_assert_int_eq(status, MP_CLOSED);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_pool_free(pool);
	pool = new_pool(1);
	ck_assert_int_eq(mp_pool_terminate(pool), MP_OK);
	ck_assert_int_eq(mp_pool_terminate(pool), MP_OK);
	ck_assert_ptr_null(mp_pool_apply_async(pool, square, &number, 4, 4, &status));
	ck_assert_int_eq(status, MP_CLOSED);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_pool_free(pool);
}
END_TEST

struct counter {
	int drawn;
	int taken;
	int most_ahead;
	int end;
};

static bool count_up(void *source, void *item)
{
	struct counter *counter = source;

	if (counter->drawn == counter->end)
		return false;
	*(int *)item = counter->drawn++;
	if (counter->drawn - counter->taken > counter->most_ahead)
		counter->most_ahead = counter->drawn - counter->taken;
	return true;
}

START_TEST(imap_keeps_the_order_and_runs_ahead_a_little)
{
	static const ptrdiff_t sizes[] = {1, 7, MP_CHUNK_AUTO};
	struct mp_pool *pool = new_pool(2);

	for (int i = 0; i < 3; i++) {
		struct counter counter = {.end = 1000};
		struct mp_iterator *iterator = mp_pool_imap(pool, square, count_up,
			&counter, sizeof(int), sizeof(int), sizes[i], NULL);
		size_t index;
		int number;

		ck_assert_ptr_nonnull(iterator);
		for (; counter.taken < 1000; counter.taken++) {
			ck_assert_int_eq(
				mp_iterator_next(iterator, &number, &index), MP_OK);
			ck_assert_uint_eq(index, (size_t)counter.taken);
			ck_assert_int_eq(number, counter.taken * counter.taken);
		}
		ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_END);
		ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_END);
		ck_assert_int_le(counter.most_ahead, 5 * (sizes[i] == 7 ? 7 : 1));
		mp_iterator_free(iterator);
	}
	end_pool(pool);
}
END_TEST

START_TEST(imap_unordered_gives_each_once)
{
	struct counter counter = {.end = 500};
	struct mp_pool *pool = new_pool(2);
	struct mp_iterator *iterator = mp_pool_imap_unordered(
		pool, fail_on_odd, count_up, &counter, sizeof(int), sizeof(int), 3, NULL);
	bool seen[500] = {false};
	size_t index;
	int number;
	int status;

	while ((status = mp_iterator_next_timeout(iterator, &number, &index, 100000)) !=
		MP_END) {
		ck_assert_uint_lt(index, 500);
		ck_assert(!seen[index]);
		seen[index] = true;
		ck_assert_int_eq(status, index % 2 ? MP_ITEM_FAILED : MP_OK);
		if (status == MP_OK)
			ck_assert_uint_eq((size_t)number, index);
	}
	for (int i = 0; i < 500; i++)
		ck_assert(seen[i]);
	mp_iterator_free(iterator);
	end_pool(pool);
}
END_TEST

START_TEST(a_closed_pool_still_gives_what_is_under_way)
{
	struct counter counter = {.end = 100};
	struct mp_pool *pool = new_pool(2);
	struct mp_iterator *iterator = mp_pool_imap(
		pool, square, count_up, &counter, sizeof(int), sizeof(int), 1, NULL);
	int given = 1;
	int number;

	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_OK);
	mp_pool_close(pool);
	for (; mp_iterator_next(iterator, &number, NULL) == MP_OK; given++)
		ck_assert_int_eq(number, given * given);
	ck_assert_int_eq(given, counter.drawn);
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_CLOSED);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_iterator_free(iterator);
	mp_pool_free(pool);
}
END_TEST

static int end_worker(const void *item, void *result)
{
	if (*(const int *)item % 10 == 3)
		mp_process_exit(5);
	return square(item, result);
}

START_TEST(imap_goes_on_after_a_workers_end)
{
	struct counter counter = {.end = 40};
	struct mp_pool *pool = new_pool(2);
	struct mp_iterator *iterator = mp_pool_imap(
		pool, end_worker, count_up, &counter, sizeof(int), sizeof(int), 4, NULL);
	int number;

	for (int i = 0; i < 40; i++)
		ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL),
			i % 10 == 3 ? MP_ITEM_FAILED : MP_OK);
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_END);
	mp_iterator_free(iterator);
	end_pool(pool);
}
END_TEST

START_TEST(terminate_ends_work_under_way)
{
	struct mp_event *event = mp_shared_new(sizeof(*event));
	struct mp_pool *pool = new_pool(2);
	struct mp_result *result = mp_pool_apply_async(
		pool, wait_for_event, &event, sizeof(struct mp_event *), 0, NULL);

	ck_assert_int_eq(mp_pool_terminate(pool), MP_OK);
	ck_assert_int_eq(mp_result_get(result, NULL), MP_TERMINATED);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	ck_assert_int_eq(mp_pool_terminate(pool), MP_OK);
	mp_pool_free(pool);
	mp_result_free(result);
	mp_shared_free(event);
}
END_TEST

static const TTest *const *const tests[] = {
	&many_results_are_under_way_at_one_time,
	&failures_belong_to_their_own_result,
	&a_wait_gives_up_at_its_deadline,
	&join_waits_for_results_nobody_has_taken,
	&misuse_is_answered,
	&imap_keeps_the_order_and_runs_ahead_a_little,
	&imap_unordered_gives_each_once,
	&a_closed_pool_still_gives_what_is_under_way,
	&imap_goes_on_after_a_workers_end,
};

static const TTest *const *const hard[] = {
	&terminate_ends_work_under_way,
};

MP_TEST_MAIN("async", tests, hard)
