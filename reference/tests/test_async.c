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

START_TEST(an_iterator_goes_on_when_the_pool_is_closed)
{
	struct counter counter = {.end = 100};
	struct mp_pool *pool = new_pool(2);
	struct mp_iterator *iterator = mp_pool_imap(
		pool, square, count_up, &counter, sizeof(int), sizeof(int), 1, NULL);
	int number;

	/* It has begun without being asked for a result. */
	ck_assert_int_gt(counter.drawn, 0);
	ck_assert_int_lt(counter.drawn, 10);
	mp_pool_close(pool);
	/* Python's idiom, with and without a join before the loop. */
	if (_i == 1)
		ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	for (int i = 0; i < 100; i++) {
		ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_OK);
		ck_assert_int_eq(number, i * i);
	}
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_END);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_pool_free(pool);
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_END);
	mp_iterator_free(iterator);
}
END_TEST

static int draw_and_fail(void *source, void *item)
{
	struct counter *counter = source;

	if (counter->drawn == counter->end)
		return MP_BROKEN;
	*(int *)item = counter->drawn++;
	return MP_OK;
}

START_TEST(a_source_that_fails_is_told_after_its_last_item)
{
	struct counter counter = {.end = 30};
	struct mp_pool *pool = new_pool(2);
	struct mp_iterator *iterator = mp_pool_imap_from(pool, square, draw_and_fail,
		&counter, sizeof(int), sizeof(int), 4, _i == 0, NULL);
	int sum = 0;
	int number;
	int status;

	for (int i = 0; i < 30; i++) {
		ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_OK);
		sum += number;
	}
	ck_assert_int_eq(sum, 29 * 30 * 59 / 6);
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_BROKEN);
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_BROKEN);
	mp_iterator_free(iterator);
	ck_assert_ptr_null(
		mp_pool_imap_from(pool, square, NULL, NULL, 4, 4, 1, true, &status));
	ck_assert_int_eq(status, MP_INVALID);
	end_pool(pool);
}
END_TEST

/* Of 4096 items in one chunk every second fails; the others have their results. */
START_TEST(a_failed_item_takes_no_other_of_its_chunk_along)
{
	struct counter counter = {.end = 4096};
	struct mp_pool *pool = new_pool(2);
	struct mp_iterator *iterator = mp_pool_imap(pool, fail_on_odd, count_up, &counter,
		sizeof(int), sizeof(int), 4096, NULL);
	size_t index;
	int number;

	for (int i = 0; i < 4096; i++) {
		ck_assert_int_eq(mp_iterator_next(iterator, &number, &index),
			i % 2 ? MP_ITEM_FAILED : MP_OK);
		ck_assert_uint_eq(index, (size_t)i);
		if (i % 2 == 0)
			ck_assert_int_eq(number, i);
	}
	ck_assert_int_eq(mp_iterator_next(iterator, &number, NULL), MP_END);
	mp_iterator_free(iterator);
	end_pool(pool);
}
END_TEST

struct hold {
	struct mp_event begun;
	struct mp_event go;
};
static struct hold *hold;

static int begin_and_wait(const void *item, void *result)
{
	mp_event_set(&hold->begun);
	mp_event_wait(&hold->go);
	return square(item, result);
}

START_TEST(what_has_not_begun_can_be_cancelled)
{
	struct mp_pool *pool;
	struct mp_result *begun;
	struct mp_result *waiting;
	struct mp_pool_failure failures[4];
	int items[4] = {1, 2, 3, 4};
	int results[4] = {9, 9, 9, 9};

	hold = mp_shared_new(sizeof(*hold));
	pool = new_pool(1);
	begun = mp_pool_map_async(
		pool, begin_and_wait, items, sizeof(int), sizeof(int), 4, 2, NULL);
	waiting =
		mp_pool_apply_async(pool, square, items, sizeof(int), sizeof(int), NULL);
	mp_event_wait(&hold->begun);
	ck_assert_int_eq(mp_result_cancel(waiting), MP_OK);
	ck_assert_int_eq(mp_result_cancel(waiting), MP_BUSY);
	ck_assert_int_eq(mp_result_get(waiting, results), MP_CANCELLED);
	ck_assert_uint_eq(mp_result_failures(waiting, failures, 1), 1);
	ck_assert_int_eq(failures[0].code, MP_CODE_CANCELLED);
	ck_assert_int_eq(results[0], 9);
	/* Its first chunk is in hand, its second one is not. */
	ck_assert_int_eq(mp_result_cancel(begun), MP_OK);
	ck_assert_int_eq(mp_result_cancel(begun), MP_BUSY);
	mp_event_set(&hold->go);
	ck_assert_int_eq(mp_result_get_timeout(begun, results, 100000), MP_ITEM_FAILED);
	ck_assert_uint_eq(mp_result_failures(begun, failures, 4), 2);
	ck_assert_uint_eq(failures[0].index, 2);
	ck_assert_int_eq(results[0] + results[1] + results[2] + results[3], 5);
	ck_assert_int_eq(mp_result_cancel(begun), MP_BUSY);
	mp_result_free(begun);
	mp_result_free(waiting);
	end_pool(pool);
	mp_shared_free(hold);
}
END_TEST

START_TEST(a_map_gives_up_at_its_deadline)
{
	struct mp_pool *pool;
	struct mp_result *result;
	int items[3] = {1, 2, 3};
	int results[3] = {7, 7, 7};

	hold = mp_shared_new(sizeof(*hold));
	pool = new_pool(1);
	ck_assert_int_eq(mp_pool_map_timeout(pool, begin_and_wait, items, sizeof(int),
				 results, sizeof(int), 3, 1, 30),
		MP_TIMEOUT);
	ck_assert_int_eq(results[0], 7);
	result = mp_pool_apply_async(pool, square, items, sizeof(int), sizeof(int), NULL);
	ck_assert_int_eq(mp_result_get_timeout(result, results, 1), MP_TIMEOUT);
	mp_event_set(&hold->go);
	ck_assert_int_eq(mp_result_get_timeout(result, results, 100000), MP_OK);
	ck_assert_int_eq(mp_result_get(result, NULL), MP_INVALID);
	mp_result_free(result);
	ck_assert_int_eq(mp_pool_map_timeout(pool, begin_and_wait, items, sizeof(int),
				 results, sizeof(int), 3, 1, 100000),
		MP_OK);
	ck_assert_int_eq(results[2], 9);
	end_pool(pool);
	mp_shared_free(hold);
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
	&imap_goes_on_after_a_workers_end,
	&a_failed_item_takes_no_other_of_its_chunk_along,
	&what_has_not_begun_can_be_cancelled,
	&a_map_gives_up_at_its_deadline,
};

static const TTest *const *const hard[] = {
	&terminate_ends_work_under_way,
};

/* Each is run for both values of _i. */
static const TTest *const *const loops[] = {
	&an_iterator_goes_on_when_the_pool_is_closed,
	&a_source_that_fails_is_told_after_its_last_item,
};

int main(void)
{
	Suite *suite = suite_create("async");

	add_case(suite, "plain", tests, MP_COUNT(tests));
	add_loops(suite, "twice", loops, MP_COUNT(loops), 2);
	if (MP_HARD_TESTS)
		add_case(suite, "hard", hard, MP_COUNT(hard));
	return run_suite(suite);
}
