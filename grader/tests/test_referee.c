/* SPDX-License-Identifier: MIT */
/*
 * Checks that fail at their own work, graded by the real program with a right answer: an
 * error of ours and exit code 2, never a loss of the student's.
 */
#include "run.h"
#include "tiny.h"

#include "score/result.h"

#define DOUBLES "#include \"work.h\"\nlong work(long n) { return 2 * n; }\n"

/* Grades a submission with this in the place of the call that runs the processes. */
static struct result *grade_with(const char *name, const char *checks, const char *source,
	int code, const char *printed)
{
	struct error error = {""};
	char *lab = tiny_lab(name);
	char *alice = scratch_path("%s-alice", name);
	char *out = scratch_path("%s-out", name);
	char *stored = scratch_path("%s-out/%s-alice/result.json", name, name);

	free(tiny_submission(alice + strlen(scratch) + 1, source));
	if (checks)
		tiny_replace(lab, "checks/checks.c", "play_run();", checks);
	struct ran ran = run_interlock("grade", lab, alice, "-o", out, NULL);
	ck_assert_msg(
		ran.code == code, "exit code %d\n%s%s", ran.code, ran.output, ran.errors);
	expect_holds(ran.output, printed);
	struct result *result = result_read(stored, &error);
	ck_assert_msg(result != NULL, "%s", error.message);
	ran_release(&ran);
	free(stored);
	free(out);
	free(alice);
	free(lab);
	return result;
}

/* compiles (1 point) holds; doubles (9 points) could not be judged and counts nowhere. */
static void expect_our_fault(const char *name, const char *checks, const char *printed)
{
	struct result *result = grade_with(name, checks, DOUBLES, 2, printed);

	ck_assert(result->verdict == VERDICT_ERROR ||
		  result->verdict == VERDICT_INCONCLUSIVE);
	ck_assert_int_eq(result->criteria[0].verdict, VERDICT_PASS);
	ck_assert(result->criteria[1].verdict == VERDICT_ERROR ||
		  result->criteria[1].verdict == VERDICT_INCONCLUSIVE);
	ck_assert_int_eq(result->points, 1);
	ck_assert_int_eq(result->max_points, 1);
	result_free(result);
}

START_TEST(a_right_answer_passes)
{
	struct result *result = grade_with("right", NULL, DOUBLES, 0, "10 of 10 points");

	ck_assert_int_eq(result->verdict, VERDICT_PASS);
	result_free(result);
}
END_TEST

START_TEST(a_wrong_answer_is_the_students_loss)
{
	struct result *result = grade_with("wrong", NULL,
		"#include \"work.h\"\nlong work(long n) { return 2 * n + (n > 500000); "
		"}\n",
		1, "1 of 10 points");

	ck_assert_int_eq(result->criteria[1].verdict, VERDICT_FAIL);
	ck_assert_ptr_nonnull(result->criteria[1].evidence[0].reproduce);
	result_free(result);
}
END_TEST

START_TEST(checks_that_crash_are_our_fault)
{
	expect_our_fault("crash", "abort();", "not finish");
	expect_our_fault("null", "play_run(); *(volatile int *)NULL = 1;", "not finish");
	expect_our_fault("exit", "exit(0);", "");
	expect_our_fault("kill", "__builtin_trap();", "not finish");
}
END_TEST

/* Whether they spin or wait; the lab says how long it may take them. */
START_TEST(checks_that_never_end_are_our_fault)
{
	static const char *const endless[][2] = {
		{"spin", "play_run(); for (volatile int more = 1; more;) ;"},
		{"wait", "play_run(); extern int pause(void); pause();"},
	};

	for (int i = 0; i < 2; i++) {
		char *lab = tiny_lab(endless[i][0]);
		tiny_replace(lab, "lab.yaml", "output_kb: 4",
			"output_kb: 4, check_seconds: 1");
		char *alice = scratch_path("%s-alice", endless[i][0]);
		char *out = scratch_path("%s-out", endless[i][0]);
		free(tiny_submission(alice + strlen(scratch) + 1, DOUBLES));
		tiny_replace(lab, "checks/checks.c", "play_run();", endless[i][1]);
		struct ran ran = run_interlock("grade", lab, alice, "-o", out, NULL);
		ck_assert_int_eq(ran.code, 2);
		expect_holds(ran.output, "longer than check_seconds allows");
		expect_holds(ran.output, "1 of 1 points");
		ran_release(&ran);
		free(out);
		free(alice);
		free(lab);
	}
}
END_TEST

/* The checks follow what lies in shared memory; what the solution leaves there does no harm. */
static void expect_students_loss(const char *name, const char *checks)
{
	struct result *result = grade_with(name, checks,
		"#include \"work.h\"\nlong work(long n) { return n < 0 ? 0 : 1; }\n", 1,
		"1 of 10 points");

	ck_assert_int_eq(result->criteria[1].verdict, VERDICT_FAIL);
	expect_holds(result->criteria[1].evidence[0].reason, "left in shared memory");
	/* Where the sandbox is weak there is a notice of that. */
	ck_assert(!result->notice || !strstr(result->notice, "did not finish"));
	result_free(result);
}

START_TEST(checks_that_only_this_submission_breaks_are_the_students_loss)
{
	expect_students_loss("follow",
		"play_run(); if (task->output < 2) *(volatile long *)task->output = 1;");
	expect_students_loss("leave", "play_run(); if (task->output < 2) exit(0);");
	expect_students_loss("stop", "play_run(); if (task->output < 2) abort();");
}
END_TEST

/* A lab with one more criterion, `ends`, that needs nothing of `doubles`. */
static char *lab_with_two(const char *name)
{
	char *lab = tiny_lab(name);

	tiny_replace(lab, "lab.yaml", "hint: Twice.}\n",
		"hint: Twice.}\n  - {name: ends, title: It ends, points: 5, stages: "
		"[stress], needs: [compiles]}\n");
	tiny_replace(lab, "checks/checks.c", "START_TEST(doubles)",
		"START_TEST(ends)\n{\n\twhile (play_next_run()) {\n"
		"\t\tplay_start(\"work\", play_shared(sizeof(struct task)));\n"
		"\t\tplay_run();\n\t}\n}\nEND_TEST\nSTART_TEST(doubles)");
	tiny_replace(lab, "checks/checks.c", "return suite;",
		"TCase *other = tcase_create(\"ends\");\n"
		"\ttcase_add_test(other, ends);\n\tsuite_add_tcase(suite, other);\n"
		"\treturn suite;");
	return lab;
}

START_TEST(checks_that_crash_lose_only_what_they_were_at)
{
	struct error error = {""};
	char *lab = lab_with_two("two");
	char *alice = tiny_submission("two-alice", DOUBLES);
	char *out = scratch_path("two-out");
	char *stored = scratch_path("two-out/two-alice/result.json");

	tiny_replace(lab, "checks/checks.c", "play_expect_equal(",
		"abort(); play_expect_equal(");
	struct ran ran = run_interlock("grade", lab, alice, "-o", out, NULL);
	ck_assert_int_eq(ran.code, 2);
	struct result *result = result_read(stored, &error);
	ck_assert_msg(result != NULL, "%s", error.message);
	ck_assert_int_eq(result->criteria[1].verdict, VERDICT_ERROR);
	ck_assert_int_eq(result->criteria[2].verdict, VERDICT_PASS);
	ck_assert_int_eq(result->points, 6);
	result_free(result);
	ran_release(&ran);
	free(stored);
	free(out);
	free(alice);
	free(lab);
}
END_TEST

static struct result *grade_two(const char *lab, const char *source, int code)
{
	struct error error = {""};
	char *alice = tiny_submission("ahead-alice", source);
	char *out = scratch_path("ahead-out");
	char *stored = scratch_path("ahead-out/ahead-alice/result.json");
	struct ran ran = run_interlock("grade", lab, alice, "-o", out, NULL);

	ck_assert_int_eq(ran.code, code);
	struct result *result = result_read(stored, &error);
	ck_assert_msg(result != NULL, "%s", error.message);
	ran_release(&ran);
	free(stored);
	free(out);
	free(alice);
	return result;
}

/* Where there are two processors `ends` is judged while `doubles` is. */
START_TEST(what_is_judged_ahead_counts_only_if_its_needs_hold)
{
	char *lab = lab_with_two("ahead");

	tiny_replace(lab, "lab.yaml", "needs: [compiles]}", "needs: [doubles]}");
	struct result *result = grade_two(
		lab, "#include \"work.h\"\nlong work(long n) { return n; }\n", 1);
	ck_assert_int_eq(result->criteria[1].verdict, VERDICT_FAIL);
	ck_assert_str_eq(result->criteria[2].blocked_by, "doubles");
	ck_assert_uint_eq(result->criteria[2].evidence_count, 0);
	ck_assert_int_eq(result->points, 1);
	result_free(result);
	result = grade_two(lab, DOUBLES, 0);
	ck_assert_int_eq(result->criteria[2].verdict, VERDICT_PASS);
	ck_assert_uint_eq(result->criteria[2].evidence_count, 1);
	ck_assert_int_eq(result->points, 15);
	result_free(result);
	free(lab);
}
END_TEST

START_TEST(checks_that_ask_for_too_much_are_our_fault)
{
	expect_our_fault(
		"shared", "play_shared(1UL << 30); play_run();", "shared memory");
	expect_our_fault("huge",
		"char *huge = malloc(1UL << 60); huge[0] = 1; play_run();", "not finish");
}
END_TEST

START_TEST(checks_that_run_nothing_are_our_fault)
{
	expect_our_fault("nothing", "", "no test that runs");
	expect_our_fault("stranger", "play_start(\"stranger\", NULL); play_run();",
		"does not list");
}
END_TEST

START_TEST(an_empty_reason_is_borne)
{
	struct result *result = grade_with("silent",
		"play_run(); play_expect(false, \"%s\", \"\");", DOUBLES, 1, "doubles");

	ck_assert_int_eq(result->criteria[1].verdict, VERDICT_FAIL);
	result_free(result);
}
END_TEST

START_TEST(a_criterion_that_no_check_judges_is_our_fault)
{
	char *lab = tiny_lab("unjudged");
	char *alice = tiny_submission("unjudged-alice", DOUBLES);
	char *out = scratch_path("unjudged-out");

	tiny_replace(lab, "checks/checks.c", "tcase_create(\"doubles\")",
		"tcase_create(\"triples\")");
	struct ran ran = run_interlock("grade", lab, alice, "-o", out, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.output, "no test that runs");
	ran_release(&ran);
	free(out);
	free(alice);
	free(lab);
}
END_TEST

/* What the student prints, and what it is full of, does not harm the reports. */
START_TEST(output_of_any_bytes_is_kept_and_the_reports_are_well_formed)
{
	struct result *result = grade_with("bytes", NULL,
		"#include \"work.h\"\n#include <unistd.h>\nlong work(long n)\n{\n"
		"\tstatic const char x[] = "
		"\"a\\0b\\x1b[31m]]>\\xff\\xfe<&::error::\\n\";\n"
		"\t(void)!write(1, x, sizeof(x));\n\treturn n;\n}\n",
		1, "doubles");
	char *xml = scratch_path("bytes-out/bytes-alice/junit-strict.xml");

	expect_holds(result->criteria[1].evidence[0].output, "b\x1b[31m]]>");
	struct ran ran = run_program(
		(const char *const[]){"/usr/bin/xmllint", "--noout", xml, NULL});
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	result_free(result);
	free(xml);
}
END_TEST

/* The functions that a file defines under our names do not reach our calls. */
START_TEST(functions_of_our_names_change_nothing)
{
	struct result *result = grade_with("names", NULL,
		DOUBLES
		"int main(void) { return 0; }\nvoid _exit(int n) { (void)n; for (;;); }\n"
		"void *malloc(unsigned long n) { (void)n; return 0; }\n"
		"long recv(void) { return -1; }\nlong send(void) { return -1; }\n"
		"int fork(void) { return -1; }\n"
		"int mp_process_start(void) { return 0; }\n"
		"int mp_process_join(void) { return 0; }\n",
		0, "10 of 10 points");

	result_free(result);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_right_answer_passes,
	&a_wrong_answer_is_the_students_loss,
	&checks_that_crash_are_our_fault,
	&checks_that_never_end_are_our_fault,
	&checks_that_crash_lose_only_what_they_were_at,
	&checks_that_only_this_submission_breaks_are_the_students_loss,
	&checks_that_ask_for_too_much_are_our_fault,
	&checks_that_run_nothing_are_our_fault,
	&an_empty_reason_is_borne,
	&what_is_judged_ahead_counts_only_if_its_needs_hold,
	&a_criterion_that_no_check_judges_is_our_fault,
	&output_of_any_bytes_is_kept_and_the_reports_are_well_formed,
	&functions_of_our_names_change_nothing,
};
SUITE_MAIN("referee", tests)
