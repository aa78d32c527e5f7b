/* SPDX-License-Identifier: MIT */
/* What the runtime makes of single situations, each a program of a few lines. */
#include "explore/explore.h"

#include "explore/program.h"
#include "suite.h"

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
	struct error error;
	struct explored explored = {0};
	/* make check runs the tests at the top of the repository */
	char *files[] = {text_format("grader/tests/explore/%s", file),
		path_of("lib/interlock/libmp-explore.a")};
	char *copy = text_format("-Ireference/include %s", flags), *words[8] = {0};
	int count = 0;
	for (char *word = strtok(copy, " "); word && count < 8; word = strtok(NULL, " "))
		words[count++] = word;
	struct program_sources sources = {
		.files = files, .files_count = 2, .flags = words, .flags_count = count};
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s", error.message);
	struct explorer *explorer = explorer_new(options, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	while (explorer_next(explorer))
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
	ck_assert_str_eq(explorer_divergence(explorer), "");
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
	free(copy);
	free(files[0]);
	free(files[1]);
	return explored;
}

/* A timed wait whose result nobody looks at, for each kind of timed wait. */
START_TEST(a_timeout_that_is_not_looked_at_is_found)
{
	static const char *const waits[] = {"-DMUTEX", "-DSEMAPHORE", "-DREAD_LOCK",
		"-DWRITE_LOCK", "-DFUTEX", "-DCONDITION"};
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct explored explored =
			explore("timed.c", waits[i], &explore_defaults);
		ck_assert_msg(explored.kind == DEFECT_ASSERT, "%s", waits[i]);
		ck_assert_msg(explored.expired, "%s", waits[i]);
	}
}
END_TEST

START_TEST(loops_around_a_timed_wait_are_covered_completely)
{
	static const char *const turns[] = {"-DRETRY=1", "-DRETRY=2"};
	for (unsigned i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		struct explored explored =
			explore("timed.c", turns[i], &explore_defaults);
		ck_assert_int_eq(explored.kind, DEFECT_NONE);
		ck_assert_int_eq(explored.coverage.kind, COVERAGE_COMPLETE);
		ck_assert_uint_lt(explored.coverage.executions, 4000);
	}
}
END_TEST

START_TEST(one_that_gives_up_after_three_attempts_is_found)
{
	struct explored explored = explore("timed.c", "-DATTEMPTS", &explore_defaults);
	ck_assert_int_eq(explored.kind, DEFECT_ASSERT);
}
END_TEST

START_TEST(an_expired_timeout_costs_as_much_as_a_preemption)
{
	struct explore_options options = explore_defaults;
	options.samples = 0;
	options.bound = 1; /* one to enter while the lock is held, one for the time */
	struct explored explored = explore("timed.c", "-DMUTEX", &options);
	ck_assert_int_eq(explored.kind, DEFECT_NONE);
	ck_assert_int_eq(explored.coverage.kind, COVERAGE_BOUNDED);
	options.bound = 2;
	explored = explore("timed.c", "-DMUTEX", &options);
	ck_assert_int_eq(explored.kind, DEFECT_ASSERT);
	ck_assert_uint_eq(explored.preemptions, 2);
}
END_TEST

START_TEST(a_deadline_that_has_passed_is_no_wait)
{
	struct explored explored = explore("timed.c", "-DPAST", &explore_defaults);
	ck_assert_int_eq(explored.kind, DEFECT_NONE);
	ck_assert_int_eq(explored.coverage.kind, COVERAGE_COMPLETE);
}
END_TEST

START_TEST(what_is_private_to_a_process_wakes_nobody_in_another)
{
	static const char *const kinds[] = {"", "-DFUTEX"};
	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct explored explored =
			explore("private.c", kinds[i], &explore_defaults);
		ck_assert_msg(explored.kind == DEFECT_DEADLOCK, "%s", kinds[i]);
		char *flags = text_format("-DSHARED=1 %s", kinds[i]);
		explored = explore("private.c", flags, &explore_defaults);
		ck_assert_msg(explored.kind == DEFECT_NONE, "%s", flags);
		ck_assert_int_eq(explored.coverage.kind, COVERAGE_COMPLETE);
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

START_TEST(one_that_dies_is_reaped_and_its_lock_says_so)
{
	static const char *const deaths[] = {"CRASH", "ABORT", "ASSERT", "RAISE", "KILL"};
	static const char *const locks[] = {"", "-DLIBRARY"};
	struct explore_options options = without_crashes();
	for (unsigned i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++)
		for (unsigned k = 0; k < sizeof(locks) / sizeof(locks[0]); k++) {
			char *flags = text_format("-D%s %s", deaths[i], locks[k]);
			struct explored explored = explore("killed.c", flags, &options);
			ck_assert_msg(explored.kind == DEFECT_NONE, "%s: %s", flags,
				explored.defect.text);
			ck_assert_int_eq(explored.coverage.kind, COVERAGE_COMPLETE);
			free(flags);
		}
}
END_TEST

START_TEST(a_crash_is_a_finding_where_it_counts)
{
	struct explored explored = explore("killed.c", "-DCRASH", &explore_defaults);
	ck_assert_int_eq(explored.kind, DEFECT_CRASH);
	explored = explore("killed.c", "-DABORT", &explore_defaults);
	ck_assert_int_eq(explored.kind, DEFECT_CRASH);
}
END_TEST

START_TEST(a_lock_that_is_not_robust_dies_with_its_owner)
{
	struct explore_options options = without_crashes();
	struct explored explored = explore("killed.c", "-DCRASH -DSTALLED", &options);
	ck_assert_int_eq(explored.kind, DEFECT_DEADLOCK);
	explored = explore("killed.c", "-DKILL -DSTALLED", &options);
	ck_assert_int_eq(explored.kind, DEFECT_DEADLOCK);
}
END_TEST

START_TEST(a_pool_of_two_is_covered_completely)
{
	struct explored explored = explore("pool.c", "", &explore_defaults);
	ck_assert_int_eq(explored.kind, DEFECT_NONE);
	ck_assert_int_eq(explored.coverage.kind, COVERAGE_COMPLETE);
}
END_TEST

START_TEST(a_pool_outlives_a_worker_that_kills_itself)
{
	struct explore_options options = without_crashes();
	options.budget = 2000;
	struct explored explored = explore("pool.c", "-DDIES", &options);
	ck_assert_msg(explored.kind == DEFECT_NONE, "%s", explored.defect.text);
	ck_assert_uint_eq(explored.coverage.processes, 4);
}
END_TEST

/* By chance libc finds no harm in it, or crashes. */
START_TEST(a_join_of_what_is_no_thread_is_found)
{
	struct explored joined = explore("joins.c", "", &explore_defaults);
	ck_assert_int_eq(joined.kind, DEFECT_CRASH);
	ck_assert_uint_eq(joined.coverage.executions, 1);
}
END_TEST

/* A try that was in vain is no change that another one could be waiting for. */
START_TEST(two_that_try_for_ever_are_found)
{
	struct explored tried = explore("tries.c", "", &explore_defaults);
	ck_assert_int_eq(tried.kind, DEFECT_LIVELOCK);
	ck_assert_uint_eq(tried.coverage.executions, 1);
}
END_TEST

START_TEST(a_task_that_computes_without_end_is_found)
{
	static const char *const loops[] = {"-DEMPTY", "-DPRIVATE", "-DGLOBAL"};
	for (unsigned i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		struct explored one = explore("endless.c", loops[i], &explore_defaults);
		struct explored other = explore("endless.c", loops[i], &explore_defaults);
		ck_assert_int_eq(one.kind, DEFECT_LIVELOCK);
		ck_assert_uint_le(one.coverage.executions, 10);
		ck_assert_uint_ne(one.defect.pc, 0);
		ck_assert_uint_eq(one.defect.pc, other.defect.pc);
	}
}
END_TEST

START_TEST(a_long_computation_is_none)
{
	struct explore_options options = explore_defaults;
	options.samples = options.budget = 3;
	struct explored explored = explore("endless.c", "-DLONG", &options);
	ck_assert_int_eq(explored.kind, DEFECT_NONE);
}
END_TEST

/* It goes round in a loop with the lock held, and lets others have it there. */
START_TEST(one_that_polls_and_lets_go_of_its_lock_is_no_livelock)
{
	struct explored explored = explore("polling.c", "", &explore_defaults);
	ck_assert_int_eq(explored.kind, DEFECT_NONE);
}
END_TEST

START_TEST(a_mapping_that_each_call_forgets_is_a_leak)
{
	struct explore_options options = explore_defaults;
	struct explored explored = explore("lost.c", "-DLOST", &options);
	ck_assert_int_eq(explored.kind, DEFECT_LEAK);
	explored = explore("lost.c", "-DNAMED", &options);
	ck_assert_int_eq(explored.kind, DEFECT_LEAK);
	explored = explore("lost.c", "", &options);
	ck_assert_msg(explored.kind == DEFECT_NONE, "%s", explored.defect.text);
	options.detect &= ~DETECT(DEFECT_LEAK);
	explored = explore("lost.c", "-DLOST -DNAMED", &options);
	ck_assert_msg(explored.kind == DEFECT_NONE, "%s", explored.defect.text);
}
END_TEST

START_TEST(a_cancelled_thread_ends_where_it_waits)
{
	static const char *const waits[] = {
		"-DCONDITION", "-DSEMAPHORE", "-DPIPE", "-DPAUSE"};
	static const char *const lasting[] = {"-DLOCK", "-DDISABLED"};
	for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct explored explored =
			explore("cancel.c", waits[i], &explore_defaults);
		ck_assert_msg(explored.kind == DEFECT_NONE, "%s: %s", waits[i],
			explored.defect.text);
		ck_assert_int_eq(explored.coverage.kind, COVERAGE_COMPLETE);
	}
	for (unsigned i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++) {
		struct explored explored =
			explore("cancel.c", lasting[i], &explore_defaults);
		ck_assert_msg(explored.kind == DEFECT_DEADLOCK, "%s", lasting[i]);
	}
}
END_TEST

static const TTest *const *const tests[] = {
	&a_timeout_that_is_not_looked_at_is_found,
	&loops_around_a_timed_wait_are_covered_completely,
	&one_that_gives_up_after_three_attempts_is_found,
	&an_expired_timeout_costs_as_much_as_a_preemption,
	&a_deadline_that_has_passed_is_no_wait,
	&what_is_private_to_a_process_wakes_nobody_in_another,
	&one_that_polls_and_lets_go_of_its_lock_is_no_livelock,
	&one_that_dies_is_reaped_and_its_lock_says_so,
	&a_crash_is_a_finding_where_it_counts,
	&a_lock_that_is_not_robust_dies_with_its_owner,
	&a_pool_of_two_is_covered_completely,
	&a_pool_outlives_a_worker_that_kills_itself,
	&two_that_try_for_ever_are_found,
	&a_join_of_what_is_no_thread_is_found,
	&a_task_that_computes_without_end_is_found,
	&a_long_computation_is_none,
	&a_mapping_that_each_call_forgets_is_a_leak,
	&a_cancelled_thread_ends_where_it_waits,
};
SUITE_MAIN("explore-runtime", tests)
