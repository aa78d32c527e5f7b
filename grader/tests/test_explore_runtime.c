/* SPDX-License-Identifier: MIT */
/* What the runtime makes of single situations, each a program of a few lines. */
#include "explored.h"

/* What one exploration came to. */
struct explored {
	enum defect_kind kind;
	struct defect defect;
	uint32_t preemptions;
	struct coverage_report coverage;
	bool expired; /* the witness has a wait whose time was chosen to come */
};

static struct explored explore(
	const char *file, const char *flags, const struct explore_options *options)
{
	struct explored explored = {0};
	struct program *program = fixture_build(file, flags, NULL);
	struct explorer *explorer = explored_whole(program, options);
	explorer_coverage(explorer, &explored.coverage);
	const struct finding *finding = explorer_main_finding(explorer);
	if (finding) {
		explored.kind = finding->defect.kind;
		explored.defect = finding->defect;
		explored.preemptions = finding->preemptions;
		for (uint32_t i = 0; i < finding->trace.result.steps; i++)
			explored.expired |=
				(finding->trace.steps[i].flags & FLAG_EARLY) != 0;
	}
	explorer_free(explorer);
	program_free(program);
	return explored;
}

static struct explored expect(const char *file, const char *flags,
	const struct explore_options *options, enum defect_kind kind)
{
	struct explored explored = explore(file, flags, options);
	ck_assert_msg(explored.kind == kind, "%s %s: %s %s", file, flags,
		defect_name(explored.kind), explored.defect.text);
	return explored;
}

static struct explored expect_complete(
	const char *file, const char *flags, const struct explore_options *options)
{
	struct explored explored = expect(file, flags, options, DEFECT_NONE);
	ck_assert_msg(explored.coverage.kind == COVERAGE_COMPLETE, "%s %s", file, flags);
	return explored;
}

/* A timed wait whose result nobody looks at, for each kind of timed wait. */
START_TEST(a_timeout_that_is_not_looked_at_is_found)
{
	static const char *const waits[] = {"-DMUTEX", "-DSEMAPHORE", "-DREAD_LOCK",
		"-DWRITE_LOCK", "-DFUTEX", "-DCONDITION"};
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct explored explored =
			expect("timed.c", waits[i], &explore_defaults, DEFECT_ASSERT);
		ck_assert_msg(explored.expired, "%s", waits[i]);
	}
}
END_TEST

static void expect_loop_complete(const char *turns)
{
	struct explored explored = expect_complete("timed.c", turns, &explore_defaults);
	ck_assert_uint_lt(explored.coverage.executions, 4000);
}

START_TEST(a_loop_around_a_timed_wait_is_covered_completely)
{
	expect_loop_complete("-DRETRY=1");
}
END_TEST

START_LONG_TEST(longer_loops_around_a_timed_wait_are_too,
	a_loop_around_a_timed_wait_is_covered_completely)
{
	expect_loop_complete("-DRETRY=2");
}
END_TEST

START_TEST(one_that_gives_up_after_three_attempts_is_found)
{
	expect("timed.c", "-DATTEMPTS", &explore_defaults, DEFECT_ASSERT);
}
END_TEST

START_TEST(an_expired_timeout_costs_as_much_as_a_preemption)
{
	struct explore_options options = explore_defaults;
	options.samples = 0;
	options.bound = 0;
	struct explored explored = expect("timed.c", "-DMUTEX", &options, DEFECT_NONE);
	ck_assert_int_eq(explored.coverage.kind, COVERAGE_BOUNDED);
	options.bound = 1; /* for the time of the one that waits while the lock is held */
	explored = expect("timed.c", "-DMUTEX", &options, DEFECT_ASSERT);
	ck_assert_uint_eq(explored.preemptions, 1);
}
END_TEST

START_TEST(a_deadline_that_has_passed_is_no_wait)
{
	expect_complete("timed.c", "-DPAST", &explore_defaults);
}
END_TEST

START_TEST(what_is_private_to_a_process_wakes_nobody_in_another)
{
	static const char *const kinds[] = {"", "-DFUTEX"};
	struct explore_options options = explore_defaults;
	options.detect = DETECT(DEFECT_PRIVATE);
	expect("private.c", "", &options, DEFECT_PRIVATE);
	options.detect = DETECT(DEFECT_DEADLOCK);
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		expect("private.c", kinds[i], &options, DEFECT_DEADLOCK);
		char *flags = text_format("-DSHARED=1 %s", kinds[i]);
		expect_complete("private.c", flags, &explore_defaults);
		free(flags);
	}
}
END_TEST

/* What a lab of processes that die on purpose asks for. */
static struct explore_options without_crashes(void)
{
	struct explore_options options = explore_defaults;
	options.detect &= ~(DETECT(DEFECT_CRASH) | DETECT(DEFECT_ASSERT));
	return options;
}

static void expect_reaped(const char *const deaths[], unsigned count)
{
	static const char *const locks[] = {"", "-DLIBRARY"};
	struct explore_options options = without_crashes();
	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; k < sizeof(locks) / sizeof(locks[0]); k++) {
			char *flags = text_format("-D%s %s", deaths[i], locks[k]);
			expect_complete("killed.c", flags, &options);
			free(flags);
		}
}

START_TEST(one_that_dies_is_reaped_and_its_lock_says_so)
{
	static const char *const deaths[] = {"KILL"};
	expect_reaped(deaths, 1);
}
END_TEST

START_LONG_TEST(
	whatever_it_dies_of_it_is_reaped, one_that_dies_is_reaped_and_its_lock_says_so)
{
	static const char *const deaths[] = {"CRASH", "ABORT", "ASSERT", "RAISE"};
	expect_reaped(deaths, sizeof(deaths) / sizeof(deaths[0]));
}
END_TEST

START_TEST(a_crash_is_a_finding_where_it_counts)
{
	expect("killed.c", "-DCRASH", &explore_defaults, DEFECT_CRASH);
	expect("killed.c", "-DABORT", &explore_defaults, DEFECT_CRASH);
}
END_TEST

START_TEST(a_lock_that_is_not_robust_dies_with_its_owner)
{
	struct explore_options options = without_crashes();
	expect("killed.c", "-DCRASH -DSTALLED", &options, DEFECT_DEADLOCK);
	expect("killed.c", "-DKILL -DSTALLED", &options, DEFECT_DEADLOCK);
}
END_TEST

START_LONG_TEST(
	a_pool_of_two_is_covered_completely, a_pool_outlives_a_worker_that_kills_itself)
{
	expect_complete("pool.c", "", &explore_defaults);
}
END_TEST

START_TEST(a_pool_outlives_a_worker_that_kills_itself)
{
	struct explore_options options = without_crashes();
	options.budget = 500;
	struct explored explored = expect("pool.c", "-DDIES", &options, DEFECT_NONE);
	ck_assert_uint_eq(explored.coverage.processes, 4);
}
END_TEST

/* By chance libc finds no harm in it, or crashes. */
START_TEST(a_join_of_what_is_no_thread_is_found)
{
	struct explored joined = expect("joins.c", "", &explore_defaults, DEFECT_CRASH);
	ck_assert_uint_eq(joined.coverage.executions, 1);
}
END_TEST

/* A try that was in vain is no change that another one could be waiting for. */
START_TEST(two_that_try_for_ever_are_found)
{
	struct explored tried = expect("tries.c", "", &explore_defaults, DEFECT_LIVELOCK);
	ck_assert_uint_eq(tried.coverage.executions, 1);
}
END_TEST

START_TEST(a_loop_whose_state_comes_round_is_a_livelock)
{
	static const char *const loops[] = {"-DEMPTY", "-DROUND"};
	for (unsigned i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		struct explored one = explore("endless.c", loops[i], &explore_defaults);
		struct explored other = explore("endless.c", loops[i], &explore_defaults);
		ck_assert_int_eq(one.kind, DEFECT_LIVELOCK);
		ck_assert_uint_le(one.coverage.executions, 10);
		ck_assert_uint_eq(one.defect.waiting_count, 2);
		ck_assert_uint_ne(one.defect.waiting_pc[1], 0);
		ck_assert_uint_eq(one.defect.waiting_pc[1], other.defect.waiting_pc[1]);
	}
}
END_TEST

START_TEST(a_loop_whose_state_does_not_come_round_is_given_up_with_its_line)
{
	static const char *const loops[] = {"-DPRIVATE", "-DGLOBAL"};
	struct explore_options options = explore_defaults;
	options.max_blocks = 1 << 20;
	for (unsigned i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		struct explored one =
			expect("endless.c", loops[i], &options, DEFECT_NONE);
		struct explored other =
			expect("endless.c", loops[i], &options, DEFECT_NONE);
		ck_assert_int_eq(one.coverage.kind, COVERAGE_PARTIAL);
		ck_assert_uint_eq(one.coverage.uncovered_count, 1);
		ck_assert_uint_ne(one.coverage.uncovered[0].pc, 0);
		ck_assert_uint_eq(
			one.coverage.uncovered[0].pc, other.coverage.uncovered[0].pc);
	}
}
END_TEST

/* The others get their turn although it takes no step. */
START_TEST(a_loop_that_another_one_ends_is_none)
{
	struct explore_options options = explore_defaults;
	options.detect = DETECT(DEFECT_LIVELOCK) | DETECT(DEFECT_DEADLOCK);
	options.samples = options.budget = 2;
	expect("endless.c", "-DFLAG", &options, DEFECT_NONE);
}
END_TEST

START_TEST(a_long_computation_is_none)
{
	struct explore_options options = explore_defaults;
	options.samples = options.budget = 3;
	expect("endless.c", "-DLONG", &options, DEFECT_NONE);
}
END_TEST

/* It goes round in a loop with the lock held, and lets others have it there. */
START_TEST(one_that_polls_and_lets_go_of_its_lock_is_no_livelock)
{
	expect("polling.c", "", &explore_defaults, DEFECT_NONE);
}
END_TEST

START_TEST(a_mapping_that_each_call_forgets_is_a_leak)
{
	struct explore_options options = explore_defaults;
	expect("lost.c", "-DLOST", &options, DEFECT_LEAK);
	expect("lost.c", "-DNAMED", &options, DEFECT_LEAK);
	expect("lost.c", "", &options, DEFECT_NONE);
	options.detect &= ~DETECT(DEFECT_LEAK);
	expect("lost.c", "-DLOST -DNAMED", &options, DEFECT_NONE);
}
END_TEST

START_TEST(a_cancelled_thread_ends_where_it_waits)
{
	static const char *const waits[] = {
		"-DCONDITION", "-DSEMAPHORE", "-DPIPE", "-DPAUSE"};
	static const char *const lasting[] = {"-DLOCK", "-DDISABLED"};
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_complete("cancel.c", waits[i], &explore_defaults);
	}
	for (unsigned i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		expect("cancel.c", lasting[i], &explore_defaults, DEFECT_DEADLOCK);
	}
}
END_TEST

START_TEST(the_threads_of_c11_are_followed)
{
	expect_complete("c11.c", "", &explore_defaults);
	expect("c11.c", "-DUNLOCKED", &explore_defaults, DEFECT_ASSERT);
}
END_TEST

/* What the other program does is not seen, so nothing is covered. */
START_TEST(a_program_that_starts_another_is_not_covered)
{
	static const char *const ways[] = {"", "-DSHELL"};
	static const char *const names[] = {"execl", "system"};
	for (unsigned i = 0; i < 2; i++) {
		struct explored explored =
			expect("starts.c", ways[i], &explore_defaults, DEFECT_NONE);
		ck_assert_int_eq(explored.coverage.kind, COVERAGE_PARTIAL);
		ck_assert_uint_eq(explored.coverage.uncovered_count, 1);
		ck_assert_str_eq(explored.coverage.uncovered[0].what, names[i]);
	}
}
END_TEST

static const TTest *const *const tests[] = {
	&the_threads_of_c11_are_followed,
	&a_program_that_starts_another_is_not_covered,
	&a_timeout_that_is_not_looked_at_is_found,
	&a_loop_around_a_timed_wait_is_covered_completely,
	&one_that_gives_up_after_three_attempts_is_found,
	&an_expired_timeout_costs_as_much_as_a_preemption,
	&a_deadline_that_has_passed_is_no_wait,
	&what_is_private_to_a_process_wakes_nobody_in_another,
	&one_that_polls_and_lets_go_of_its_lock_is_no_livelock,
	&one_that_dies_is_reaped_and_its_lock_says_so,
	&a_crash_is_a_finding_where_it_counts,
	&a_lock_that_is_not_robust_dies_with_its_owner,
	&a_pool_outlives_a_worker_that_kills_itself,
	&two_that_try_for_ever_are_found,
	&a_join_of_what_is_no_thread_is_found,
	&a_loop_whose_state_comes_round_is_a_livelock,
	&a_loop_whose_state_does_not_come_round_is_given_up_with_its_line,
	&a_loop_that_another_one_ends_is_none,
	&a_long_computation_is_none,
	&a_mapping_that_each_call_forgets_is_a_leak,
	&a_cancelled_thread_ends_where_it_waits,
};

static void add_tests(TCase *tcase)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		add_short_test(tcase, *tests[i], 0, 1);
	add_long_test(tcase, longer_loops_around_a_timed_wait_are_too, 0, 1);
	add_long_test(tcase, whatever_it_dies_of_it_is_reaped, 0, 1);
	add_long_test(tcase, a_pool_of_two_is_covered_completely, 0, 1);
}

int main(void)
{
	return suite_run_case("explore-runtime", add_tests, scratch_make, scratch_remove);
}
