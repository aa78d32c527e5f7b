/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* What a ring must hold. */
struct model {
	long capacity, count;
	long values[RING_MOST]; /* the oldest first */
};

/* Values that an int does not hold. */
static long any_value(void)
{
	return play_random(1, 1000000) << 32 | play_random(0, 1000000);
}

static struct work *new_work(long capacity)
{
	struct work *work = play_shared(sizeof(*work));
	work->rings[0].capacity = work->rings[1].capacity = (uint16_t)capacity;
	return work;
}

/* Full and one more, empty and one more; then by chance. */
static void plan_calls(struct work *work, long capacity, long others)
{
	long edges = 2 * (capacity + 1);
	work->calls_count = edges + others;
	for (long i = 0; i < work->calls_count; i++) {
		struct call *call = &work->calls[i];
		call->puts = i < edges ? i <= capacity : play_random(0, 1) == 1;
		call->value = call->puts ? any_value() : UNTOUCHED;
	}
}

/* The call as it must come back. */
static struct call right_call(struct model *model, bool puts, long value)
{
	struct call right = {puts, value, true};
	if (puts && model->count < model->capacity) {
		model->values[model->count++] = value;
	} else if (!puts && model->count > 0) {
		right.value = model->values[0];
		model->count--;
		for (long i = 0; i < model->count; i++)
			model->values[i] = model->values[i + 1];
	} else {
		right.returned = false;
	}
	return right;
}

static void expect_call(const struct call *call, const struct call *right, long number)
{
	const char *name = right->puts ? "ring_try_put" : "ring_try_get";
	play_expect(!call->returned == !right->returned,
		"Call %ld, %s, returned %s, but the ring was %s.", number, name,
		call->returned ? "true" : "false",
		right->returned ? right->puts ? "not full" : "not empty"
		: right->puts	? "full"
				: "empty");
	if (!right->puts)
		play_expect_equal(call->value, right->value,
			"what lies in *value after call %ld, a ring_try_get", number);
}

START_TEST(works_alone)
{
	while (play_next_run()) {
		long capacity = play_choose(play_random(1, RING_MOST), play_random(1, 3));
		struct work *work = new_work(capacity);
		struct model model = {.capacity = capacity};
		struct call right[MOST_CALLS];
		plan_calls(work, capacity, play_choose(MOST_CALLS / 2, 6));
		long count = work->calls_count;
		for (long i = 0; i < count; i++)
			right[i] = right_call(
				&model, work->calls[i].puts, work->calls[i].value);
		play_start("alone", work);
		play_run();
		for (long i = 0; i < count; i++)
			expect_call(&work->calls[i], &right[i], i + 1);
	}
}
END_TEST

/* More calls than a 16-bit index has values, twice. */
START_TEST(never_ends)
{
	while (play_next_run()) {
		long capacity = play_random(1, RING_MOST);
		struct work *work = new_work(capacity);
		work->rounds = 140000;
		work->first = any_value();
		play_start("endless", work);
		play_run();
		play_expect_equal(work->failed_in, 0,
			"after how many values a ring of capacity %ld, filled and "
			"emptied again and again, did something wrong (0: never)",
			capacity);
	}
}
END_TEST

static void pass_values(long capacity, long count)
{
	long values[MOST_VALUES];
	struct work *work = new_work(capacity);
	work->count = count;
	for (long i = 0; i < count; i++)
		work->values[i] = values[i] = any_value();
	play_start("producer", work);
	play_start("consumer", work);
	play_run();
	for (long i = 0; i < count; i++)
		play_expect_equal(work->received[i], values[i],
			"value %ld of %ld that the consumer gets", i + 1, count);
	play_expect(!work->one_more,
		"The consumer got all values that were put, and then one more.");
}

/* In explore no slot is used twice: only the producer's word to the consumer matters. */
START_TEST(what_is_put_arrives)
{
	while (play_next_run())
		pass_values(play_choose(play_random(2, RING_MOST), 2),
			play_choose(MOST_VALUES, 2));
}
END_TEST

/* In explore each value but the first lies where another one was. */
START_TEST(slots_are_free_again)
{
	while (play_next_run())
		pass_values(1, play_choose(MOST_VALUES, 2));
}
END_TEST

START_TEST(orders_no_more)
{
	bool both_found_nothing = false;
	while (play_next_run()) {
		struct work *work = new_work(1);
		play_start("first_looks", work);
		play_start("second_looks", work);
		play_run();
		both_found_nothing |= !work->found[0] && !work->found[1];
	}
	play_expect(both_found_nothing,
		"Two processes put a value into a ring each, and then look into the "
		"other's: one of them always found a value. Release and acquire allow "
		"that both find nothing, since neither store need be seen yet; your code "
		"pays for more order than a ring needs.");
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
	Suite *suite = suite_create("ring");
	add(suite, "works_alone", works_alone);
	add(suite, "never_ends", never_ends);
	add(suite, "what_is_put_arrives", what_is_put_arrives);
	add(suite, "slots_are_free_again", slots_are_free_again);
	add(suite, "orders_no_more", orders_no_more);
	return suite;
}
