/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>
#include <limits.h>

/* What a conversion to the type makes of the number. */
static long converted(char typecode, long number)
{
	switch (typecode) {
	case 'b':
		return (signed char)number;
	case 'B':
		return (unsigned char)number;
	case 'h':
		return (short)number;
	case 'H':
		return (unsigned short)number;
	case 'i':
		return (int)number;
	case 'I':
		return (unsigned int)number;
	default:
		return number;
	}
}

/* The largest number of the type, of those that a long can hold. */
static long largest(char typecode)
{
	static const long most[TYPES] = {SCHAR_MAX, UCHAR_MAX, SHRT_MAX, USHRT_MAX,
		INT_MAX, UINT_MAX, LONG_MAX, LONG_MAX, LONG_MAX, LONG_MAX};
	for (int i = 0; i < TYPES; i++)
		if (typecodes[i] == typecode)
			return most[i];
	return 0;
}

static struct work *start(const char *entry, const long numbers[TYPES])
{
	struct work *work = play_shared(sizeof(*work));
	for (int i = 0; i < TYPES; i++)
		work->numbers[i] = numbers[i];
	play_start(entry, work);
	return work;
}

/* Numbers that just fit. */
static void draw_fitting(long numbers[TYPES])
{
	for (int i = 0; i < TYPES; i++)
		numbers[i] = largest(typecodes[i]) - play_random(0, 100);
}

START_TEST(finishes)
{
	while (play_next_run()) {
		long numbers[TYPES];
		draw_fitting(numbers);
		start("one_of_each", numbers);
		play_run();
	}
}
END_TEST

START_TEST(gives_its_memory_back)
{
	while (play_next_run()) {
		long numbers[TYPES];
		draw_fitting(numbers);
		const struct work *work = start("one_of_each", numbers);
		play_run();
		for (int i = 0; i < TYPES; i++)
			play_expect(!work->kept[i],
				"The memory of a value of type '%c' is still there after "
				"value_free.",
				typecodes[i]);
	}
}
END_TEST

START_TEST(keeps_what_is_set)
{
	while (play_next_run()) {
		long numbers[TYPES];
		draw_fitting(numbers);
		const struct work *work = start("one_of_each", numbers);
		play_run();
		for (int i = 0; i < TYPES; i++) {
			play_expect(work->made[i], "value_new('%c') gives no value.",
				typecodes[i]);
			play_expect_equal(work->zero[i], 0, "a new value of type '%c'",
				typecodes[i]);
			play_expect_equal(work->got[i], numbers[i],
				"what value_get gives of a value of type '%c' after %ld "
				"was "
				"set",
				typecodes[i], numbers[i]);
		}
	}
}
END_TEST

static void expect_wrapped(const struct work *work, const long numbers[TYPES],
	const long seen[TYPES], const char *how)
{
	for (int i = 0; i < TYPES; i++)
		if (work->made[i])
			play_expect_equal(seen[i], converted(typecodes[i], numbers[i]),
				"what a value of type '%c' holds after %ld was %s",
				typecodes[i], numbers[i], how);
}

/* Numbers that are too large by a little or a lot, set at once or reached by an addition. */
START_TEST(wraps_like_its_type)
{
	while (play_next_run()) {
		long numbers[TYPES];
		for (int i = 0; i < TYPES; i++) {
			long most = largest(typecodes[i]);
			numbers[i] = most == LONG_MAX ? -play_random(1, 1000)
						      : most + play_random(1, most / 2);
		}
		const struct work *work = start("one_of_each", numbers);
		play_run();
		expect_wrapped(work, numbers, work->got, "set");
		expect_wrapped(
			work, numbers, work->added, "put in, half of it by value_add");
	}
}
END_TEST

static const char *const bad_names[BAD_TYPES] = {"'x'", "'a'", "'?'", "0", "'Z'"};

START_TEST(refuses_other_typecodes)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		const struct work *work = start("refuse", numbers);
		play_run();
		for (int i = 0; i < BAD_TYPES; i++)
			play_expect(work->refused[i],
				"value_new gives a value for %s, which is no typecode.",
				bad_names[i]);
	}
}
END_TEST

START_TEST(is_shared_with_children)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {play_random(1, 1000000)};
		const struct work *work = start("across", numbers);
		play_run();
		play_expect_equal(work->got[0], numbers[0],
			"what the parent sees after a child has set %ld", numbers[0]);
	}
}
END_TEST

START_TEST(lock_is_free_afterwards)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		const struct work *work = start("use_before_child", numbers);
		enum play_end end = play_try_run();
		play_expect(end != PLAY_STUCK, "A process has used a value, and its "
					       "child waits for the lock for "
					       "ever.");
		play_expect(end == PLAY_RETURNED && work->times == 1,
			"A process and its child did not come to an end.");
	}
}
END_TEST

START_TEST(no_update_is_lost)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		struct work *work = start("adders", numbers);
		long times = work->times = play_choose(play_random(1000, 3000), 2);
		long sum = 0;
		work->gate = (int)play_choose(ADDERS, 0);
		for (int i = 0; i < ADDERS; i++)
			sum += work->amounts[i] = play_random(1, 90);
		play_run();
		play_expect_equal(work->got[0], times * sum,
			"the value after %d processes have added %ld times each", ADDERS,
			times);
	}
}
END_TEST

/* What a value can hold to which one adds `amount` again and again, up to `times` times,
 * from `start` on. */
static bool is_on_the_way(long number, long start, long times, long amount)
{
	long added = number - start;
	return added >= 0 && added <= times * amount && added % amount == 0;
}

/* The number that is set is odd, all others are even: it cannot be lost unseen. */
START_TEST(set_and_get_wait_for_an_update)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		struct work *work = start("mixed", numbers);
		long times = work->times = play_choose(play_random(1000, 3000), 2);
		long amount = work->amounts[0] = 2 * play_random(1, 45);
		long set_to = work->set_to = 2 * play_random(1, 1000) + 1;
		work->gate = (int)play_choose(3, 0);
		play_run();
		play_expect(is_on_the_way(work->got[0], set_to, times, amount),
			"%ld was set while another process added %ld, %ld times, and in "
			"the "
			"end the value is %ld.",
			set_to, amount, times, work->got[0]);
		play_expect(is_on_the_way(work->meanwhile, 0, times, amount) ||
				    is_on_the_way(work->meanwhile, set_to, times, amount),
			"Who looked meanwhile saw %ld, which it never was.",
			work->meanwhile);
	}
}
END_TEST

static const char *const use_names[USES] = {"value_set", "value_add", "value_get"};

START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		start("hold_three_of_four", numbers);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"A process that waits for a value's lock keeps the processor "
			"busy.");
	}
}
END_TEST

/* Nobody lets go of the three locks: those who need them are found waiting. */
START_TEST(only_the_same_value_is_waited_for)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		struct work *work = start("hold_three_of_four", numbers);
		enum play_end end = play_try_run();
		for (int way = 0; way < USES; way++)
			play_expect(!work->got_in[way],
				"%s did not wait for a process that held the value's "
				"lock.",
				use_names[way]);
		play_expect(work->other_used == USES,
			"Some processes waited for values that another one held, and "
			"meanwhile %s waited, too, though nobody held its value.",
			use_names[work->other_used % USES]);
		play_expect(end == PLAY_STUCK, "A process ended where it should wait.");
	}
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
	Suite *suite = suite_create("value");
	add(suite, "finishes", finishes);
	add(suite, "keeps_what_is_set", keeps_what_is_set);
	add(suite, "wraps_like_its_type", wraps_like_its_type);
	add(suite, "refuses_other_typecodes", refuses_other_typecodes);
	add(suite, "is_shared_with_children", is_shared_with_children);
	add(suite, "lock_is_free_afterwards", lock_is_free_afterwards);
	add(suite, "gives_its_memory_back", gives_its_memory_back);
	add(suite, "no_update_is_lost", no_update_is_lost);
	add(suite, "set_and_get_wait_for_an_update", set_and_get_wait_for_an_update);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "only_the_same_value_is_waited_for",
		only_the_same_value_is_waited_for);
	return suite;
}
