/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>

START_TEST(setting_returns_minus_one_so_that_callers_can_return_it)
{
	struct error error;

	ck_assert_int_eq(error_set(&error, "%d of %d", 3, 4), -1);
	ck_assert_str_eq(error.message, "3 of 4");
}
END_TEST

START_TEST(the_systems_words_follow_ours)
{
	struct error error;

	errno = ENOENT;
	ck_assert_int_eq(error_system(&error, "cannot open %s", "a"), -1);
	ck_assert_str_eq(error.message, "cannot open a: No such file or directory");
}
END_TEST

START_TEST(context_comes_first)
{
	struct error error;

	error_set(&error, "no such key");
	ck_assert_int_eq(error_context(&error, "lab %s", "x"), -1);
	error_context(&error, "grading %s", "alice");
	ck_assert_str_eq(error.message, "grading alice: lab x: no such key");
}
END_TEST

START_TEST(long_messages_are_cut_not_overrun)
{
	struct {
		struct error error;
		char guard[16];
	} held;
	char text[4000];

	memset(&held, 'g', sizeof(held));
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	errno = ENOENT;
	error_set(&held.error, "%s", text);
	error_system(&held.error, "%s", text);
	error_context(&held.error, "%s", text);
	ck_assert_uint_eq(strlen(held.error.message), sizeof(held.error.message) - 1);
	for (size_t i = 0; i < sizeof(held.guard); i++)
		ck_assert_int_eq(held.guard[i], 'g');
}
END_TEST

START_TEST(percent_signs_in_what_is_reported_are_only_text)
{
	struct error error;

	error_set(&error, "%s", "100%s%n");
	error_context(&error, "%s", "%d");
	ck_assert_str_eq(error.message, "%d: 100%s%n");
}
END_TEST

static const TTest *const *const tests[] = {
	&setting_returns_minus_one_so_that_callers_can_return_it,
	&the_systems_words_follow_ours,
	&context_comes_first,
	&long_messages_are_cut_not_overrun,
	&percent_signs_in_what_is_reported_are_only_text,
};
SUITE_MAIN("error", tests)
