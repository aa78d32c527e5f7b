/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "play/random.h"

#include <limits.h>
#include <stdbool.h>

/* The first numbers of the published generator for the seed 1234567. */
START_TEST(the_numbers_are_splitmix64s)
{
	uint64_t state = 1234567;

	ck_assert_uint_eq(random_next(&state), 6457827717110365317u);
	ck_assert_uint_eq(random_next(&state), 3203168211198807973u);
	ck_assert_uint_eq(random_next(&state), 9817491932198370423u);
}
END_TEST

START_TEST(a_seed_draws_the_same_numbers_again)
{
	uint64_t one = random_seed_for(7, "finishes");
	uint64_t two = random_seed_for(7, "finishes");

	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(
			random_between(&one, -50, 50), random_between(&two, -50, 50));
}
END_TEST

START_TEST(seeds_depend_on_seed_and_text)
{
	uint64_t seed = random_seed_for(7, "finishes");

	ck_assert_uint_ne(seed, random_seed_for(8, "finishes"));
	ck_assert_uint_ne(seed, random_seed_for(7, "finishex"));
	ck_assert_uint_ne(random_seed_for(7, "1"), random_seed_for(7, "11"));
	ck_assert_uint_ne(random_seed_for(7, "ab"), random_seed_for(7, "ba"));
	ck_assert_uint_ne(random_seed_for(0, "0"), random_seed_for(0, "1"));
}
END_TEST

START_TEST(both_ends_are_drawn_and_nothing_beyond)
{
	uint64_t state = 1;
	int seen[6] = {0};

	for (int i = 0; i < 6000; i++) {
		long drawn = random_between(&state, -2, 3);
		ck_assert_int_ge(drawn, -2);
		ck_assert_int_le(drawn, 3);
		seen[drawn + 2]++;
	}
	/* 1000 each are expected; the generator and the seed are fixed, so is this. */
	for (int i = 0; i < 6; i++)
		ck_assert_int_gt(seen[i], 850);
	ck_assert_int_eq(random_between(&state, 9, 9), 9);
}
END_TEST

START_TEST(the_whole_range_of_long_can_be_drawn_from)
{
	uint64_t state = 3;
	bool low = false;
	bool high = false;

	for (int i = 0; i < 100; i++) {
		long drawn = random_between(&state, LONG_MIN, LONG_MAX);
		low |= drawn < LONG_MIN / 2;
		high |= drawn > LONG_MAX / 2;
	}
	ck_assert(low && high);
	for (int i = 0; i < 100; i++)
		ck_assert_int_ge(random_between(&state, 1, LONG_MAX), 1);
}
END_TEST

static const TTest *const *const tests[] = {
	&the_numbers_are_splitmix64s,
	&a_seed_draws_the_same_numbers_again,
	&seeds_depend_on_seed_and_text,
	&both_ends_are_drawn_and_nothing_beyond,
	&the_whole_range_of_long_can_be_drawn_from,
};
SUITE_MAIN("random", tests)
