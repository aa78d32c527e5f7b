/* SPDX-License-Identifier: MIT */
/* The verbs of checks, with suites that are part of this program. */
#include "playing.h"

static char *folder;
static char *leaver;	/* a submission that ends its process */
static char *burner;	/* one that takes its time */
enum { BURNT_MS = 30 }; /* at least, in one run */

struct task {
	long input;
	long output;
};

static struct task *start_task(void)
{
	struct task *task = play_shared(sizeof(*task));

	task->input = play_random(1, 1000);
	play_start("work", task);
	return task;
}

START_TEST(holds)
{
	while (play_next_run()) {
		struct task *task = start_task();
		long input = task->input;
		play_run();
		play_expect_equal(task->output, 2 * input, "twice %ld", input);
	}
}
END_TEST

START_TEST(expects_one_more)
{
	while (play_next_run()) {
		struct task *task = start_task();
		play_run();
		play_expect_equal(task->output, 7, "the number of %s", "things");
	}
}
END_TEST

START_TEST(expects_in_words)
{
	while (play_next_run()) {
		start_task();
		play_run();
		play_expect(false, "It is %d o'clock.", 5);
	}
}
END_TEST

START_TEST(returns)
{
	while (play_next_run()) {
		start_task();
		play_run();
	}
}
END_TEST

START_TEST(draws_each_run)
{
	for (int run = 0; play_next_run(); run++) {
		struct task *task = start_task();
		play_run();
		play_show("run %d:\n", run);
		play_show("%ld\n", task->output);
		play_expect(run < 1, "It is the second run.");
	}
}
END_TEST

START_TEST(asserts_plainly)
{
	while (play_next_run()) {
		start_task();
		play_run();
		ck_assert_msg(false, "plain words");
	}
}
END_TEST

START_TEST(never_begins)
{
}
END_TEST

START_TEST(begins_and_runs_nothing)
{
	while (play_next_run())
		start_task();
}
END_TEST

START_TEST(runs_no_process)
{
	while (play_next_run())
		play_run();
}
END_TEST

START_TEST(asks_too_much_memory)
{
	while (play_next_run())
		play_shared((size_t)1 << 40);
}
END_TEST

START_TEST(asks_for_all_of_memory)
{
	while (play_next_run())
		play_shared((size_t)-1);
}
END_TEST

START_TEST(starts_too_many)
{
	while (play_next_run())
		for (int i = 0; i <= PLAY_MAX_PROCESSES; i++)
			play_start("work", NULL);
}
END_TEST

START_TEST(starts_a_stranger)
{
	while (play_next_run()) {
		play_start("stranger", NULL);
		play_run();
	}
}
END_TEST

START_TEST(draws_from_nothing)
{
	while (play_next_run())
		play_random(2, 1);
}
END_TEST

START_TEST(fills_every_place)
{
	while (play_next_run()) {
		struct task *tasks[PLAY_MAX_PROCESSES];
		for (int i = 0; i < PLAY_MAX_PROCESSES; i++)
			tasks[i] = start_task();
		play_run();
		for (int i = 0; i < PLAY_MAX_PROCESSES; i++) {
			play_expect_equal((long)((uintptr_t)tasks[i] % 64), 0, "rest");
			play_expect_equal(tasks[i]->output, 2 * tasks[i]->input, "twice");
			play_expect_equal(play_returned(i), 0, "value");
		}
		play_expect_equal(play_returned(-1), 0, "value");
		play_expect_equal(play_returned(1000), 0, "value");
	}
}
END_TEST

static long drawn[100];
static long drawn_count;

START_TEST(notes_what_it_draws)
{
	while (play_next_run()) {
		drawn[drawn_count++] = play_random(0, 1L << 40);
		start_task();
		play_run();
	}
}
END_TEST

static Suite *suite_of_all(void)
{
	Suite *suite = suite_create("play");

	PLAYING_ADD(suite, holds);
	PLAYING_ADD(suite, expects_one_more);
	PLAYING_ADD(suite, expects_in_words);
	PLAYING_ADD(suite, returns);
	PLAYING_ADD(suite, draws_each_run);
	PLAYING_ADD(suite, asserts_plainly);
	PLAYING_ADD(suite, never_begins);
	PLAYING_ADD(suite, begins_and_runs_nothing);
	PLAYING_ADD(suite, runs_no_process);
	PLAYING_ADD(suite, asks_too_much_memory);
	PLAYING_ADD(suite, asks_for_all_of_memory);
	PLAYING_ADD(suite, starts_too_many);
	PLAYING_ADD(suite, starts_a_stranger);
	PLAYING_ADD(suite, draws_from_nothing);
	PLAYING_ADD(suite, fills_every_place);
	PLAYING_ADD(suite, notes_what_it_draws);
	TCase *two = tcase_create("has_two_tests");
	tcase_add_test(two, holds);
	tcase_add_test(two, expects_one_more);
	suite_add_tcase(suite, two);
	return suite;
}

static int judge_with(uint64_t seed, long runs, const char *criterion,
	struct play_finding *finding, struct error *error)
{
	return playing_judge(STAGE_STRESS, folder, seed, runs, criterion, finding, error);
}

static struct play_finding judge(const char *criterion)
{
	struct error error = {""};
	struct play_finding finding;

	ck_assert_msg(
		judge_with(1, 5, criterion, &finding, &error) == 0, "%s", error.message);
	return finding;
}

/* It is the lab's fault, never the student's. */
static void expect_trouble(const char *criterion, const char *part)
{
	struct error error = {""};
	struct play_finding finding;

	ck_assert_int_eq(judge_with(1, 5, criterion, &finding, &error), -1);
	expect_holds(error.message, part);
	play_finding_release(&finding);
}

START_TEST(what_holds_holds_in_all_runs)
{
	struct play_finding finding = judge("holds");

	ck_assert_int_eq(finding.runs, 5);
	expect_held(&finding);
	finding = judge("fills_every_place");
	expect_held(&finding);
}
END_TEST

START_TEST(a_value_that_differs_is_told_with_both)
{
	struct play_finding finding = judge("expects_one_more");

	ck_assert(finding.failed);
	ck_assert_int_eq(finding.runs, 1);
	expect_holds(finding.reason, "the number of things is ");
	expect_holds(finding.reason, "; it should be 7");
	ck_assert_str_eq(finding.expected, "7");
	ck_assert_ptr_nonnull(finding.actual);
	play_finding_release(&finding);
}
END_TEST

START_TEST(the_labs_words_are_the_reason)
{
	struct play_finding finding = judge("expects_in_words");

	expect_failed(&finding, "It is 5 o'clock.");
	finding = judge("asserts_plainly");
	expect_failed(&finding, "plain words");
}
END_TEST

START_TEST(what_was_drawn_is_of_the_run_that_failed)
{
	struct play_finding finding = judge("draws_each_run");

	ck_assert(finding.failed);
	ck_assert_int_eq(finding.runs, 2);
	ck_assert_int_eq(strncmp(finding.shown, "run 1:\n", 7), 0);
	ck_assert_ptr_null(strstr(finding.shown, "run 0:"));
	ck_assert_int_gt(strtol(finding.shown + 7, NULL, 10), 0);
	play_finding_release(&finding);
}
END_TEST

START_TEST(checks_that_run_nothing_are_no_pass)
{
	expect_trouble("never_begins", "no test that runs anything");
	expect_trouble("no_such_criterion", "no test that runs anything");
	expect_trouble("begins_and_runs_nothing", "run nothing");
	expect_trouble("runs_no_process", "run no process");
	expect_trouble("has_two_tests", "2 tests");
}
END_TEST

START_TEST(checks_that_ask_for_what_there_is_not_are_told_so)
{
	expect_trouble("asks_too_much_memory", "bytes of shared memory");
	expect_trouble("asks_for_all_of_memory", "bytes of shared memory");
	expect_trouble("starts_too_many", "more than 16 processes");
	expect_trouble("starts_a_stranger", "player.c does not list");
	expect_trouble("draws_from_nothing", "from 2 to 1");
}
END_TEST

START_TEST(a_seed_draws_the_same_inputs_for_every_run_again)
{
	struct error error = {""};
	struct play_finding finding;
	long first[3];

	for (uint64_t seed = 9; seed < 12; seed++) {
		drawn_count = 0;
		ck_assert_int_eq(judge_with(seed == 11 ? 8 : 9, 3, "notes_what_it_draws",
					 &finding, &error),
			0);
		play_finding_release(&finding);
		ck_assert_int_eq(drawn_count, 3);
		ck_assert_int_ne(drawn[0], drawn[1]);
		if (seed == 9)
			memcpy(first, drawn, sizeof(first));
		ck_assert_int_eq(memcmp(first, drawn, sizeof(first)) == 0, seed != 11);
	}
}
END_TEST

/* An exit code of 0 is not the word of the function that should have returned. */
START_TEST(time_that_runs_use_is_counted_and_there_is_an_end_to_it)
{
	static const enum stage stages[] = {STAGE_STRESS, STAGE_EXPLORE};

	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		struct spending spending = {.most_ms = 1000000};
		struct play_finding finding;
		struct error error = {""};
		playing.spending = &spending;
		ck_assert_int_eq(playing_judge(stages[i], burner, 1, 3, "returns",
					 &finding, &error),
			0);
		expect_held(&finding);
		ck_assert_int_ge(spending.ms, BURNT_MS);
		spending.most_ms = BURNT_MS / 2;
		ck_assert_int_eq(playing_judge(stages[i], burner, 1, 3, "returns",
					 &finding, &error),
			-1);
		expect_holds(error.message, "used up the 600 s");
		ck_assert(finding.refused);
		play_finding_release(&finding);
	}
	playing.spending = NULL;
}
END_TEST

START_TEST(who_exits_early_has_not_returned)
{
	struct error error = {""};
	struct play_finding finding;

	for (int i = 0; i < 2; i++) {
		enum stage stage = i ? STAGE_EXPLORE : STAGE_STRESS;
		ck_assert_int_eq(
			playing_judge(stage, leaver, 1, 5, "returns", &finding, &error),
			0);
		ck_assert(finding.failed);
		expect_holds(finding.reason, "before the function returned");
		play_finding_release(&finding);
		ck_assert_int_eq(
			playing_judge(stage, folder, 1, 5, "returns", &finding, &error),
			0);
		expect_held(&finding);
	}
}
END_TEST

static void prepare(void)
{
	scratch_make();
	folder = tiny_submission("good", TINY_SOLUTION);
	leaver = tiny_submission("leaver",
		"#include <stdlib.h>\n#include \"work.h\"\n"
		"long work(long input)\n{\n\texit((int)(0 * input));\n}\n");
	burner = tiny_submission("burner",
		"#include \"work.h\"\n"
		"long work(long input)\n{\n\tunsigned number = 1;\n"
		"\tfor (long i = 0; i < 60000000; i++)\n"
		"\t\tnumber = number * 1664525 + 1013904223;\n"
		"\treturn 2 * input + (number == 7);\n}\n");
	playing_open(tiny_lab("lab"), suite_of_all);
	playing_compile(folder);
	playing_compile(leaver);
	playing_compile(burner);
}

static void put_away(void)
{
	playing_close();
	free(folder);
	free(leaver);
	free(burner);
	scratch_remove();
}

int main(void)
{
	static const TTest *const *const tests[] = {
		&what_holds_holds_in_all_runs,
		&a_value_that_differs_is_told_with_both,
		&the_labs_words_are_the_reason,
		&what_was_drawn_is_of_the_run_that_failed,
		&checks_that_run_nothing_are_no_pass,
		&checks_that_ask_for_what_there_is_not_are_told_so,
		&a_seed_draws_the_same_inputs_for_every_run_again,
		&time_that_runs_use_is_counted_and_there_is_an_end_to_it,
		&who_exits_early_has_not_returned,
	};
	return suite_run_with(
		"play", tests, sizeof(tests) / sizeof(*tests), prepare, put_away);
}
