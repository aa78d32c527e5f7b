/* SPDX-License-Identifier: MIT */
/* What a lab's check can see only in explore: who is stuck, who keeps the processor busy, and
 * what was in progress at once. */
#include "playing.h"

#define HEADER                                                                           \
	"#ifndef WORK_H\n#define WORK_H\n"                                               \
	"#include <mp/event.h>\n#include <mp/lock.h>\n#include <stdatomic.h>\n"          \
	"struct task { struct shared *shared; void (*item)(void); long way, done; };\n"  \
	"struct shared {\n"                                                              \
	"	struct mp_lock lock; struct mp_event event; atomic_int flag;\n"                \
	"	struct task tasks[2];\n"                                                       \
	"};\n"                                                                           \
	"long work(struct task *task);\n#endif\n"

/* One function for all of them: `way` says how it goes about its work. */
#define STUDENT                                                                          \
	"#include \"work.h\"\n#include <unistd.h>\n"                                     \
	"long work(struct task *task)\n{\n"                                              \
	"	struct shared *shared = task->shared;\n"                                       \
	"	switch (task->way) {\n"                                                        \
	"	case 0: mp_event_wait(&shared->event); break;\n"                               \
	"	case 1: while (!atomic_load(&shared->flag)) {} break;\n"                       \
	"	case 2: atomic_store(&shared->flag, 1); break;\n"                              \
	"	case 3: task->item(); break;\n"                                                \
	"	case 4: mp_lock_acquire(&shared->lock); task->item();\n"                       \
	"		mp_lock_release(&shared->lock); break;\n"                                     \
	"	case 5: mp_event_set(&shared->event); break;\n"                                \
	"	case 6: mp_event_wait_timeout(&shared->event, 1000); break;\n"                 \
	"	case 7: while (mp_event_wait_timeout(&shared->event, 1000)) {} break;\n"       \
	"	case 8: while (fork() >= 0) {} break;\n"                                       \
	"	}\n"                                                                           \
	"	task->done = 1;\n"                                                             \
	"	return 0;\n}\n"

#define PLAYER                                                                           \
	"#include \"work.h\"\n"                                                          \
	"#include <interlock/player.h>\n"                                                \
	"#include <stddef.h>\n"                                                          \
	"static void item(void) { interlock_item_begin(); interlock_item_end(); }\n"     \
	"static int call(void *argument)\n"                                              \
	"{\n"                                                                            \
	"	struct task *task = argument;\n"                                               \
	"	task->item = item;\n"                                                          \
	"	return (int)work(task);\n"                                                     \
	"}\n"                                                                            \
	"const struct player_entry player_entries[] = {{\"work\", call}, {NULL, "        \
	"NULL}};\n"

/* As the header has it. */
struct shared;
struct task {
	struct shared *shared;
	void (*item)(void);
	long way, done;
};
#include <mp/event.h>
#include <mp/lock.h>
struct shared {
	struct mp_lock lock;
	struct mp_event event;
	int flag;
	struct task tasks[2];
};

enum { SLEEPS, SPINS, RAISES, ITEM, LOCKED_ITEM, SETS, NAPS, POLLS, FORKS };

static char *folder;

static struct shared *start(long one, long other)
{
	struct shared *shared = play_shared(sizeof(*shared));
	long ways[] = {one, other};

	for (int i = 0; i < 2; i++) {
		shared->tasks[i].shared = shared;
		shared->tasks[i].way = ways[i];
		play_start("work", &shared->tasks[i]);
	}
	return shared;
}

/* The first waits for what never comes, and the second is done all the same. */
static void expect_stuck(long waits)
{
	while (play_next_run()) {
		struct shared *shared = start(waits, ITEM);
		enum play_end end = play_try_run();
		play_expect(end == PLAY_STUCK, "It does not sleep.");
		play_expect_equal(shared->tasks[0].done, 0, "done");
		play_expect_equal(shared->tasks[1].done, 1, "done");
	}
}

START_TEST(sleeps_while_the_other_works)
{
	expect_stuck(SLEEPS);
}
END_TEST

START_TEST(spins_while_the_other_works)
{
	expect_stuck(SPINS);
}
END_TEST

START_TEST(may_not_get_stuck)
{
	while (play_next_run()) {
		start(SLEEPS, ITEM);
		play_run();
	}
}
END_TEST

static void expect_sleep(long waits, long wakes)
{
	while (play_next_run()) {
		start(waits, wakes);
		play_run();
		play_expect(!play_kept_busy(), "It keeps the processor busy.");
	}
}

START_TEST(sleeps_until_it_is_woken)
{
	expect_sleep(SLEEPS, SETS);
}
END_TEST

START_TEST(spins_until_the_flag_is_raised)
{
	expect_sleep(SPINS, RAISES);
}
END_TEST

START_TEST(polls_for_ever)
{
	while (play_next_run()) {
		start(POLLS, ITEM);
		play_run();
	}
}
END_TEST

START_TEST(forks_for_ever)
{
	while (play_next_run()) {
		start(FORKS, ITEM);
		play_run();
	}
}
END_TEST

/* The nap ends by itself, before or after the other's work. */
START_TEST(naps_while_the_other_works)
{
	bool jumped = false;
	bool passed = false;

	while (play_next_run()) {
		start(NAPS, ITEM);
		play_run();
		jumped |= play_time_jumped();
		passed |= !play_time_jumped();
	}
	play_expect(passed, "Time never passes.");
	play_expect(!jumped, "Time jumps.");
}
END_TEST

static void expect_at_once(long way)
{
	while (play_next_run()) {
		start(way, way);
		play_run();
	}
	play_expect_at_once(2, "items");
}

START_TEST(items_are_in_progress_at_once)
{
	expect_at_once(ITEM);
}
END_TEST

START_TEST(items_are_never_in_progress_at_once)
{
	expect_at_once(LOCKED_ITEM);
}
END_TEST

START_TEST(asks_too_early_what_was_at_once)
{
	while (play_next_run()) {
		start(ITEM, ITEM);
		play_run();
		play_expect_at_once(2, "items");
	}
}
END_TEST

static Suite *suite_of_all(void)
{
	Suite *suite = suite_create("play in explore");

	PLAYING_ADD(suite, sleeps_while_the_other_works);
	PLAYING_ADD(suite, spins_while_the_other_works);
	PLAYING_ADD(suite, may_not_get_stuck);
	PLAYING_ADD(suite, sleeps_until_it_is_woken);
	PLAYING_ADD(suite, spins_until_the_flag_is_raised);
	PLAYING_ADD(suite, polls_for_ever);
	PLAYING_ADD(suite, forks_for_ever);
	PLAYING_ADD(suite, naps_while_the_other_works);
	PLAYING_ADD(suite, items_are_in_progress_at_once);
	PLAYING_ADD(suite, items_are_never_in_progress_at_once);
	PLAYING_ADD(suite, asks_too_early_what_was_at_once);
	return suite;
}

static struct play_finding judge_in(enum stage stage, long runs, const char *criterion)
{
	struct error error = {""};
	struct play_finding finding;
	int status = playing_judge(stage, folder, 1, runs, criterion, &finding, &error);

	ck_assert_msg(status == 0, "%s", error.message);
	return finding;
}

static struct play_finding judge(const char *criterion)
{
	return judge_in(STAGE_EXPLORE, 500, criterion);
}

START_TEST(a_check_may_expect_that_a_process_is_stuck)
{
	struct play_finding finding = judge("sleeps_while_the_other_works");

	ck_assert_int_gt(finding.runs, 10);
	expect_held(&finding);
	finding = judge("may_not_get_stuck");
	ck_assert(finding.failed);
	expect_holds(finding.reason, "deadlock");
	play_finding_release(&finding);
}
END_TEST

START_TEST(what_is_found_is_told_once_and_what_the_check_expects_is_not)
{
	struct play_finding finding = judge("may_not_get_stuck");

	ck_assert_int_eq(playing.found, 1);
	play_finding_release(&finding);
	finding = judge("sleeps_while_the_other_works");
	ck_assert_int_eq(playing.found, 0);
	expect_held(&finding);
}
END_TEST

START_TEST(one_that_spins_in_place_of_sleeping_is_told_in_the_checks_words)
{
	struct play_finding finding = judge("spins_while_the_other_works");

	ck_assert(finding.failed);
	ck_assert_str_eq(finding.reason, "It does not sleep.");
	expect_holds(finding.exploration.ladder, "tasks wait in loops");
	play_finding_release(&finding);
}
END_TEST

START_TEST(busy_waiting_that_comes_to_an_end_is_seen)
{
	struct play_finding finding = judge("sleeps_until_it_is_woken");

	expect_held(&finding);
	finding = judge("spins_until_the_flag_is_raised");
	ck_assert(finding.failed);
	ck_assert_str_eq(finding.reason, "It keeps the processor busy.");
	ck_assert_ptr_nonnull(finding.exploration.witness);
	play_finding_release(&finding);
}
END_TEST

START_TEST(a_run_of_too_many_steps_never_ends)
{
	struct play_finding finding = judge("polls_for_ever");

	ck_assert(finding.failed);
	expect_holds(finding.reason, "after 2000 steps it has not come to an end");
	play_finding_release(&finding);
}
END_TEST

/* None of its executions is judged, so that no check can fail. */
START_TEST(what_cannot_be_followed_once_is_no_pass)
{
	struct play_finding finding;
	struct error error = {""};

	ck_assert_int_eq(playing_judge(STAGE_EXPLORE, folder, 1, 500, "forks_for_ever",
				 &finding, &error),
		-1);
	ck_assert(finding.refused);
	expect_holds(error.message, "beyond what the explorer can follow");
	play_finding_release(&finding);
}
END_TEST

START_TEST(a_check_can_tell_time_that_passed_from_time_that_jumped)
{
	struct play_finding finding = judge("naps_while_the_other_works");

	expect_failed(&finding, "Time jumps.");
}
END_TEST

START_TEST(too_little_concurrency_is_seen)
{
	struct play_finding finding = judge("items_are_in_progress_at_once");

	expect_held(&finding);
	finding = judge("items_are_never_in_progress_at_once");
	ck_assert(finding.failed);
	expect_holds(finding.reason, "never more than 1 items in progress at once");
	ck_assert_ptr_null(finding.exploration.witness);
	play_finding_release(&finding);
}
END_TEST

START_TEST(stress_leaves_to_explore_what_was_at_once)
{
	struct play_finding finding =
		judge_in(STAGE_STRESS, 3, "items_are_never_in_progress_at_once");

	expect_held(&finding);
}
END_TEST

START_TEST(what_was_at_once_is_asked_after_the_loop)
{
	struct error error = {""};
	struct play_finding finding;
	int status = playing_judge(STAGE_EXPLORE, folder, 1, 500,
		"asks_too_early_what_was_at_once", &finding, &error);

	ck_assert_int_eq(status, -1);
	expect_holds(error.message, "before play_next_run");
	play_finding_release(&finding);
}
END_TEST

static char *make_lab(void)
{
	static const char *const files[][2] = {{"include/work.h", HEADER},
		{"checks/player.c", PLAYER}, {"solution/work.c", STUDENT}};
	char *path = tiny_lab("lab");

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *file = path_join(path, files[i][0]);
		file_put(file, files[i][1]);
		free(file);
	}
	tiny_replace(path, "checks/checks.c", "task->output", "task->done");
	tiny_replace(path, "checks/checks.c", "task->input", "task->way");
	return path;
}

static void prepare(void)
{
	scratch_make();
	folder = tiny_submission("good", STUDENT);
	playing_open(make_lab(), suite_of_all);
	playing_compile(folder);
}

static void put_away(void)
{
	playing_close();
	free(folder);
	scratch_remove();
}

int main(void)
{
	static const TTest *const *const tests[] = {
		&a_check_may_expect_that_a_process_is_stuck,
		&what_is_found_is_told_once_and_what_the_check_expects_is_not,
		&one_that_spins_in_place_of_sleeping_is_told_in_the_checks_words,
		&busy_waiting_that_comes_to_an_end_is_seen,
		&a_run_of_too_many_steps_never_ends,
		&what_cannot_be_followed_once_is_no_pass,
		&a_check_can_tell_time_that_passed_from_time_that_jumped,
		&too_little_concurrency_is_seen,
		&stress_leaves_to_explore_what_was_at_once,
		&what_was_at_once_is_asked_after_the_loop,
	};
	return suite_run_with("play in explore", tests, sizeof(tests) / sizeof(*tests),
		prepare, put_away);
}
