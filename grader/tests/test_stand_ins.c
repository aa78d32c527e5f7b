/* SPDX-License-Identifier: MIT */
/* A long test without its short one fails make check: .ci/stand-ins, on trees made here. */
#include "run.h"

static char *tree_of(const char *name, const char *program)
{
	char *tree = scratch_path("%s", name);
	char *file = path_join(tree, "grader/tests/test_one.c");
	char *other = path_join(tree, "reference/tests/fork_test_other.c");

	file_put(file, program);
	file_put(other, "START_TEST(a_sample_is_right)\n{\n}\nEND_TEST\n");
	free(other);
	free(file);
	return tree;
}

static struct ran look_at(const char *name, const char *program)
{
	char *tree = tree_of(name, program);
	struct ran ran = run_program((const char *const[]){".ci/stand-ins", tree, NULL});

	free(tree);
	return ran;
}

static void expect_missing(const char *name, const char *program, const char *words)
{
	struct ran ran = look_at(name, program);

	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.errors, words);
	ran_release(&ran);
}

START_TEST(a_stand_in_may_be_in_another_program)
{
	struct ran ran = look_at("good",
		"START_LONG_TEST(all_are_right,\n\ta_sample_is_right)\n{\n}\nEND_TEST\n");

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
}
END_TEST

START_TEST(a_long_test_without_its_stand_in_is_told)
{
	expect_missing("missing",
		"START_LONG_TEST(all_are_right, some_are_right)\n{\n}\nEND_TEST\n",
		"for all_are_right stands some_are_right");
}
END_TEST

START_TEST(a_long_test_is_nobodys_stand_in)
{
	expect_missing("circle",
		"START_LONG_TEST(all_are_right, more_are_right)\n{\n}\nEND_TEST\n"
		"START_LONG_TEST(more_are_right, a_sample_is_right)\n{\n}\nEND_TEST\n",
		"for all_are_right stands more_are_right");
}
END_TEST

START_TEST(a_long_test_that_names_none_is_told)
{
	expect_missing("none", "START_LONG_TEST(all_are_right)\n{\n}\nEND_TEST\n",
		"names a test and a stand-in");
}
END_TEST

static const TTest *const *const tests[] = {
	&a_stand_in_may_be_in_another_program,
	&a_long_test_without_its_stand_in_is_told,
	&a_long_test_is_nobodys_stand_in,
	&a_long_test_that_names_none_is_told,
};
SUITE_MAIN("stand-ins", tests)
