/* SPDX-License-Identifier: MIT */
/* What the commands do and say in each tier of the sandbox. */
#include "run.h"
#include "tiny.h"

#include "sandbox/box.h"

#define DOUBLES "#include \"work.h\"\nlong work(long n) { return 2 * n; }\n"

/* The class has one submission, which is right. */
static struct ran run_in_tier(const char *tier, const char *command, const char *out)
{
	char *lab = tiny_lab("lab");
	char *alice = tiny_submission("class/alice", DOUBLES);
	char *class = scratch_path("class");
	bool batch = strcmp(command, "batch") == 0;

	ck_assert_int_eq(setenv("INTERLOCK_TIER", tier, 1), 0);
	struct ran ran =
		run_interlock(command, lab, batch ? class : alice, "-o", out, NULL);
	free(class);
	free(alice);
	free(lab);
	return ran;
}

START_TEST(where_nothing_confines_only_ones_own_code_is_run)
{
	static const char *const commands[] = {"grade", "batch"};
	char *out = scratch_path("out");

	for (int i = 0; i < 2; i++) {
		struct ran ran = run_in_tier("D", commands[i], out);
		ck_assert_int_eq(ran.code, 2);
		expect_holds(ran.errors, "other people's code is not run");
		expect_holds(ran.errors, "interlock doctor");
		ck_assert_int_ne(access(out, F_OK), 0);
		ran_release(&ran);
	}
	char *lab = scratch_path("lab");
	char *own = path_join(lab, "work.c");
	file_put(own, DOUBLES);
	struct ran ran = run_interlock("check", lab, NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	ran_release(&ran);
	free(own);
	free(lab);
	free(out);
}
END_TEST

START_TEST(a_weak_tier_is_named_by_every_report)
{
	static const char *const files[] = {"alice/report.txt", "alice/result.json",
		"alice/junit.xml", "alice/junit-strict.xml", "class.txt", "junit.xml"};
	static const char warning[] = "The sandbox was weak (tier C";
	struct error error;
	char *out = scratch_path("weak-out");

	if (!box_tier_works(BOX_TIER_C, &error))
		return;
	struct ran ran = run_in_tier("C", "batch", out);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, warning);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(out, files[i]);
		char *text = file_get(path);
		expect_holds(text, "The sandbox was weak");
		free(text);
		free(path);
	}
	ran_release(&ran);
	ran = run_in_tier("C", "grade", out);
	expect_holds(ran.output, warning);
	ran_release(&ran);
	free(out);
}
END_TEST

/* What stops a grading is found by doctor, too. */
START_TEST(doctor_fails_where_grading_would)
{
	ck_assert_int_eq(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	struct ran ran = run_interlock("doctor", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.output, "/nowhere/at/all");
	ran_release(&ran);
}
END_TEST

START_TEST(doctor_names_the_tier_and_tests_the_tools)
{
	static const char *const words[] = {"Tiers", "This is tier C", "Layers",
		"Landlock", "seccomp", "memory", "helgrind     finds a known race",
		"explorer     finds a known race and a known deadlock",
		"grading      gives a small lab's solution full marks"};
	struct error error;

	if (!box_tier_works(BOX_TIER_C, &error))
		return;
	ck_assert_int_eq(setenv("INTERLOCK_TIER", "C", 1), 0);
	struct ran ran = run_interlock("doctor", NULL);
	ck_assert_int_eq(ran.code, 0);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		expect_holds(ran.output, words[i]);
	if (box_tier_works(BOX_TIER_A, &error) || box_tier_works(BOX_TIER_B, &error))
		expect_holds(ran.output, "INTERLOCK_TIER made it weaker");
	ran_release(&ran);
	ck_assert_int_eq(setenv("INTERLOCK_TIER", "D", 1), 0);
	ran = run_interlock("doctor", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.output, "This is tier D");
	ran_release(&ran);
}
END_TEST

static const TTest *const *const tests[] = {
	&where_nothing_confines_only_ones_own_code_is_run,
	&a_weak_tier_is_named_by_every_report,
	&doctor_fails_where_grading_would,
	&doctor_names_the_tier_and_tests_the_tools,
};
SUITE_MAIN("tiers", tests)
