/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <ctype.h>
#include <interlock/checks.h>
#include <limits.h>
#include <string.h>

/* What a conversion to the type makes of the number: as many of its lower bits as the type has,
 * the highest of which is a sign in the types with a small letter. */
static long converted(char typecode, long number)
{
	static const char letters[] = "bBhHiI";
	const char *letter = strchr(letters, typecode);
	int unused = letter ? 64 - (8 << ((letter - letters) / 2)) : 0;
	unsigned long bits = (unsigned long)number << unused;
	bool is_signed = islower((unsigned char)typecode);
	return is_signed ? (long)bits >> unused : (long)(bits >> unused);
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

/* The sum, with its lower bits only where a long cannot hold it. */
static long plus(long number, long other)
{
	return (long)((unsigned long)number + (unsigned long)other);
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

/* A page of each value would be left, and one of each refusal. A student's own bookkeeping may
 * cost a few pages. */
START_TEST(gives_its_memory_back)
{
	while (play_next_run()) {
		long numbers[TYPES];
		draw_fitting(numbers);
		const struct work *work = start("give_back", numbers);
		play_run();
		for (int i = 0; i < TYPES; i++)
			play_expect(!work->kept[i],
				"The memory of a value of type '%c' is still there after "
				"value_free.",
				typecodes[i]);
		play_expect_equal(work->after_free, numbers[0],
			"what the parent sees after a child has set %ld and given its "
			"mapping back",
			numbers[0]);
		play_expect(work->pages_left < TYPES,
			"%d values were made and given back, %d were refused, and %ld "
			"pages more are mapped than before.",
			TYPES, TYPES, work->pages_left);
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

static void expect_wrapped(char typecode, long number, long other, long set, long sum)
{
	play_expect_equal(set, converted(typecode, number),
		"what a value of type '%c' is after %ld was set", typecode, number);
	play_expect_equal(sum, converted(typecode, plus(number, other)),
		"what a value of type '%c' is after %ld was set and %ld added", typecode,
		number, other);
}

static void draw_edges(struct work *work)
{
	for (int i = 0; i < TYPES; i++) {
		long most = largest(typecodes[i]);
		long least = strchr("BHI", typecodes[i]) ? 0 : -most - 1;
		const long edges[EDGES] = {0, 1, -1, most, plus(most, 1), least,
			plus(least, -1), 70000, -70000, 1L << 40, -(1L << 40), 1L << 31,
			LONG_MAX, LONG_MIN, play_random(-(1L << 50), 1L << 50),
			plus(most, play_random(1, 100))};
		memcpy(work->edges[i], edges, sizeof(edges));
	}
}

/* Edges of the type, and numbers that are too large by a little or a lot, set at once or
 * reached by an addition. */
START_TEST(wraps_like_its_type)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		struct work *work = start("edges", numbers);
		struct work drawn;
		draw_edges(work);
		drawn = *work;
		play_run();
		for (int i = 0; i < TYPES; i++)
			for (int k = 0; k < EDGES; k++)
				expect_wrapped(typecodes[i], drawn.edges[i][k],
					drawn.edges[i][EDGES - 1 - k],
					work->set_edges[i][k], work->sums[i][k]);
	}
}
END_TEST

START_TEST(refuses_other_typecodes)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		const struct work *work = start("refuse", numbers);
		play_run();
		for (int i = 1; i < CHARACTERS; i++)
			play_expect(!work->given[i] || strchr(typecodes, i),
				"value_new gives a value for character %d ('%c').", i,
				isprint(i) ? i : '?');
		play_expect(!work->given[0], "value_new gives a value for 0.");
		play_expect(!work->given_without_memory,
			"There is no memory left, and value_new does not give NULL.");
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

static const char *const use_names[USES] = {"value_set", "value_add", "value_get"};

START_TEST(lock_is_free_afterwards)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		struct work *work = start("use_before_child", numbers);
		draw_edges(work);
		enum play_end end = play_try_run();
		const struct held *held = &work->held;
		play_expect(held->times == 0,
			"The lock is still held after %s has returned, for a value of "
			"type '%c' and the number %ld.",
			use_names[(unsigned)held->way % USES], held->typecode,
			held->number);
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
		for (int i = 0; i < WIDTHS; i++)
			play_expect_equal(work->ends[i],
				converted(width_typecodes[i], times * sum),
				"a value of type '%c' after %d processes have added %ld "
				"times each",
				width_typecodes[i], ADDERS, times);
	}
}
END_TEST

/* What a value can be to which one adds `amount` again and again, up to `times` times,
 * from `start` on. */
static bool is_on_the_way(char typecode, long number, long start, long times, long amount)
{
	for (long i = 0; i <= times; i++)
		if (number == converted(typecode, start + i * amount))
			return true;
	return false;
}

/* What it can be once the first has set it, or the second. */
static bool is_after_a_set(
	char typecode, long number, const long set_to[2], long times, long amount)
{
	return is_on_the_way(typecode, number, set_to[0], times, amount) ||
	       is_on_the_way(typecode, number, set_to[1], times, amount);
}

/* The numbers that are set are odd, all others are even, also the sum of the two: none can be
 * lost unseen. One addition is too much for a byte. */
START_TEST(set_and_get_wait_for_an_update)
{
	while (play_next_run()) {
		const long numbers[TYPES] = {0};
		struct work *work = start("mixed", numbers);
		const long set_to[2] = {
			2 * play_random(1, 60) + 1, 2 * play_random(61, 120) + 1};
		long times = work->times = play_choose(play_random(1000, 3000), 1);
		long amount = work->amounts[0] = 2 * play_random(130, 190);
		memcpy(work->set_to, set_to, sizeof(set_to));
		work->gate = (int)play_choose(3, 0);
		play_run();
		for (int i = 0; i < WIDTHS; i++) {
			char typecode = width_typecodes[i];
			long seen = work->meanwhile[i];
			play_expect(is_after_a_set(typecode, work->ends[i], set_to, times,
					    amount),
				"%ld and %ld were set while another process added %ld "
				"(calls: %ld), and in the end the value of type '%c' is "
				"%ld.",
				set_to[0], set_to[1], amount, times, typecode,
				work->ends[i]);
			play_expect(is_on_the_way(typecode, seen, 0, times, amount) ||
					    is_on_the_way(typecode, seen, set_to[0],
						    times, amount),
				"Who looked meanwhile saw %ld in a value of type '%c', "
				"which it never was.",
				seen, typecode);
		}
	}
}
END_TEST

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
