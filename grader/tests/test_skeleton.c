/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "lab/skeleton.h"

static void expect_made(const char *solution, const char *skeleton)
{
	struct error error = {""};
	char *made = skeleton_make(solution, "a.c", &error);

	ck_assert_msg(made != NULL, "%s", error.message);
	ck_assert_str_eq(made, skeleton);
	free(made);
}

static void expect_refused(const char *solution, const char *part)
{
	struct error error = {""};

	ck_assert_ptr_null(skeleton_make(solution, "a.c", &error));
	expect_holds(error.message, part);
}

START_TEST(what_stands_between_the_markers_goes)
{
	expect_made("int f(void)\n{\n\t/* BEGIN SOLUTION */\n\treturn 42;\n"
		    "\t/* END SOLUTION */\n}\n",
		"int f(void)\n{\n\t/* Your code here. */\n}\n");
}
END_TEST

START_TEST(each_pair_asks_once_at_its_own_depth)
{
	expect_made("a\n  // BEGIN SOLUTION\nx\n  // END SOLUTION\nb\n"
		    "\t\t/* BEGIN SOLUTION */\n\t\t/* END SOLUTION */\nc\n",
		"a\n  /* Your code here. */\nb\n\t\t/* Your code here. */\nc\n");
}
END_TEST

START_TEST(a_last_line_without_its_end_is_kept)
{
	expect_made("/* BEGIN SOLUTION */\nx\n/* END SOLUTION */\nlast",
		"/* Your code here. */\nlast");
	expect_made(
		"/* BEGIN SOLUTION */\nx\n/* END SOLUTION */", "/* Your code here. */\n");
}
END_TEST

START_TEST(markers_that_do_not_pair_up_are_named_with_their_line)
{
	expect_refused("a\n/* BEGIN SOLUTION */\nx\n", "a.c:2");
	expect_refused("a\n/* END SOLUTION */\n", "a.c:2");
	expect_refused("/* BEGIN SOLUTION */\n/* BEGIN SOLUTION */\n", "a.c:2");
	expect_refused("/* BEGIN SOLUTION */\n/* END SOLUTION */\n/* END SOLUTION */\n",
		"a.c:3");
	expect_refused("int f(void);\n", "a.c:1: there is no BEGIN SOLUTION");
	expect_refused("", "a.c:1");
}
END_TEST

START_TEST(both_markers_on_one_line_are_refused)
{
	expect_refused("a\n/* BEGIN SOLUTION */ x; /* END SOLUTION */\nb\n", "a.c:2");
}
END_TEST

START_TEST(no_line_of_a_solution_is_left_in_any_labs_skeleton)
{
	struct error error = {""};
	char *folder = scratch_path("skeletons");
	static const char *const labs[] = {"critical-section", "pool-map"};

	ck_assert_int_eq(folder_make(folder, &error), 0);
	for (size_t i = 0; i < sizeof(labs) / sizeof(*labs); i++) {
		struct lab *lab = lab_open(labs[i], &error);
		ck_assert_msg(lab != NULL, "%s", error.message);
		ck_assert_msg(
			skeleton_write(lab, folder, &error) == 0, "%s", error.message);
		for (unsigned j = 0; j < lab->files_count; j++) {
			char *path = path_join(folder, lab->files[j]);
			char *text = file_get(path);
			expect_holds(text, "/* Your code here. */");
			expect_lacks(text, "SOLUTION");
			free(text);
			free(path);
		}
		lab_close(lab);
	}
	free(folder);
}
END_TEST

static const TTest *const *const tests[] = {
	&what_stands_between_the_markers_goes,
	&each_pair_asks_once_at_its_own_depth,
	&a_last_line_without_its_end_is_kept,
	&markers_that_do_not_pair_up_are_named_with_their_line,
	&both_markers_on_one_line_are_refused,
	&no_line_of_a_solution_is_left_in_any_labs_skeleton,
};
SUITE_MAIN("skeleton", tests)
