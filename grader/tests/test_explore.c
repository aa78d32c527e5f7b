/* SPDX-License-Identifier: MIT */
#include "explore/explore.h"

#include "explore/program.h"
#include "explore/replay.h"
#include "explore/self_check.h"
#include "suite.h"

enum { OUTCOMES = 4096, SHORTER = 1, FEW = 2, MANY = 50 };

/* What one exploration came to. */
struct explored {
	enum defect_kind kind;
	uint32_t preemptions;
	bool changed_outcome;
	uint32_t findings;
	struct coverage_report coverage;
	struct trace trace;
	uint64_t outcomes[OUTCOMES];
	uint32_t outcomes_count;
};

static void keep_outcome(struct explored *explored, const struct trace *trace)
{
	if (trace->result.ending != ENDING_FINISHED)
		return;
	for (uint32_t i = 0; i < explored->outcomes_count; i++)
		if (explored->outcomes[i] == trace->result.outcome)
			return;
	ck_assert_uint_lt(explored->outcomes_count, OUTCOMES);
	explored->outcomes[explored->outcomes_count++] = trace->result.outcome;
}

static struct program *build(const char *file, char **flags, char **arguments)
{
	struct error error;
	/* make check runs the tests at the top of the repository */
	char *path = text_format("grader/tests/explore/%s", file);
	struct program_sources sources = {.files = &path, .files_count = 1};
	for (sources.flags = flags; flags && flags[sources.flags_count];)
		sources.flags_count++;
	for (sources.arguments = arguments;
		arguments && arguments[sources.arguments_count];)
		sources.arguments_count++;
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s", error.message);
	free(path);
	return program;
}

static struct explored *explore(
	struct program *program, const struct explore_options *options)
{
	struct error error;
	struct explored *explored = memory_new(1, sizeof(*explored));
	struct explorer *explorer = explorer_new(options, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	while (explorer_next(explorer)) {
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
		keep_outcome(explored, explorer_trace(explorer));
	}
	ck_assert_str_eq(explorer_divergence(explorer), "");
	explorer_coverage(explorer, &explored->coverage);
	explorer_findings(explorer, &explored->findings);
	const struct finding *finding = explorer_main_finding(explorer);
	if (finding) {
		explored->kind = finding->defect.kind;
		explored->preemptions = finding->preemptions;
		explored->changed_outcome = finding->changed_outcome;
		trace_copy(&explored->trace, &finding->trace);
	}
	explorer_free(explorer);
	return explored;
}

static void explored_free(struct explored *explored)
{
	trace_release(&explored->trace);
	free(explored);
}

static struct explored *explore_file(
	const char *file, const char *flags, const struct explore_options *options)
{
	char *copy = text_copy(flags);
	char *words[8] = {0};
	int count = 0;
	for (char *word = strtok(copy, " "); word && count < 7; word = strtok(NULL, " "))
		words[count++] = word;
	struct program *program = build(file, words, NULL);
	struct explored *explored = explore(program, options);
	program_free(program);
	free(copy);
	return explored;
}

START_TEST(the_articles_race_needs_one_preemption)
{
	struct explored *explored = explore_file("account.c", "", &explore_defaults);
	ck_assert_int_eq(explored->kind, DEFECT_RACE);
	ck_assert_uint_eq(explored->preemptions, 1);
	ck_assert(explored->changed_outcome);
	/* The witness shows a stale read: two reads of 100. */
	int reads = 0;
	for (uint32_t i = 0; i < explored->trace.result.steps; i++)
		reads += explored->trace.steps[i].kind == STEP_READ &&
			 explored->trace.steps[i].value == 100;
	ck_assert_int_eq(reads, 2);
	explored_free(explored);
}
END_TEST

START_TEST(the_locked_account_is_covered_completely)
{
	struct explored *explored =
		explore_file("account.c", "-DLOCK", &explore_defaults);
	ck_assert_int_eq(explored->kind, DEFECT_NONE);
	ck_assert_int_eq(explored->coverage.kind, COVERAGE_COMPLETE);
	ck_assert_uint_eq(explored->outcomes_count, 1);
	explored_free(explored);
}
END_TEST

/* One sample shows that there is nothing to choose, and the search goes that way once. */
START_TEST(what_can_go_one_way_only_goes_it_twice)
{
	struct explored *explored =
		explore_file("account.c", "-DSERIAL", &explore_defaults);
	ck_assert_int_eq(explored->kind, DEFECT_NONE);
	ck_assert_int_eq(explored->coverage.kind, COVERAGE_COMPLETE);
	ck_assert_uint_eq(explored->coverage.executions, 2);
	explored_free(explored);
}
END_TEST

START_TEST(locks_taken_in_opposite_orders_deadlock)
{
	struct explored *explored =
		explore_file("account.c", "-DLOCK -DOPPOSITE", &explore_defaults);
	ck_assert_int_eq(explored->kind, DEFECT_DEADLOCK);
	ck_assert_uint_eq(explored->preemptions, 1);
	explored_free(explored);
}
END_TEST

START_TEST(threads_lose_an_update)
{
	struct explored *explored = explore_file("threads.c", "", &explore_defaults);
	ck_assert_int_eq(explored->kind, DEFECT_ASSERT);
	ck_assert_uint_eq(explored->preemptions, 1);
	explored_free(explored);
}
END_TEST

START_TEST(a_detector_switched_off_misses)
{
	struct explore_options options = explore_defaults;
	options.detect &= ~DETECT(DEFECT_RACE);
	struct explored *explored = explore_file("account.c", "", &options);
	ck_assert_int_eq(explored->kind, DEFECT_NONE);
	ck_assert_uint_gt(explored->outcomes_count, 1);
	explored_free(explored);
}
END_TEST

START_TEST(one_preemption_less_misses)
{
	struct explore_options options = explore_defaults;
	options.detect = DETECT(DEFECT_ASSERT);
	options.samples = 0;
	options.bound = 0;
	struct explored *explored = explore_file("threads.c", "", &options);
	ck_assert_int_eq(explored->kind, DEFECT_NONE);
	ck_assert_int_eq(explored->coverage.kind, COVERAGE_BOUNDED);
	ck_assert_uint_eq(explored->coverage.bound, 0);
	explored_free(explored);
}
END_TEST

START_TEST(two_explorations_give_one_witness)
{
	struct explored *one = explore_file("account.c", "", &explore_defaults);
	struct explored *other = explore_file("account.c", "", &explore_defaults);
	ck_assert(trace_equal(&one->trace, &other->trace));
	ck_assert_uint_eq(one->coverage.executions, other->coverage.executions);
	explored_free(one);
	explored_free(other);
}
END_TEST

START_TEST(without_the_reduction_states_are_followed_twice)
{
	struct explore_options options = explore_defaults;
	options.samples = 0;
	struct explored *reduced =
		explore_file("account.c", "-DLOCK -DTURNS=1", &options);
	options.without_states = true;
	options.every_access = true;
	struct explored *plain = explore_file("account.c", "-DLOCK -DTURNS=1", &options);
	ck_assert_int_eq(plain->coverage.kind, COVERAGE_COMPLETE);
	ck_assert_uint_gt(plain->coverage.executions, 2 * reduced->coverage.executions);
	explored_free(reduced);
	explored_free(plain);
}
END_TEST

static bool same_outcomes(const struct explored *a, const struct explored *b)
{
	if (a->outcomes_count != b->outcomes_count)
		return false;
	for (uint32_t i = 0; i < a->outcomes_count; i++) {
		uint32_t k = 0;
		while (k < b->outcomes_count && a->outcomes[i] != b->outcomes[k])
			k++;
		if (k == b->outcomes_count)
			return false;
	}
	return true;
}

static void compare_with_plain(struct program *program, unsigned number)
{
	static const char letters[] = "abcdABx";
	unsigned state = 12345 + number;
	char programs[2][4] = {{0}};
	for (int task = 0; task < 2; task++)
		for (unsigned i = 0; i < (task || number % 8 == 0 ? 2u : 1u); i++) {
			state = state * 1103515245 + 12345;
			programs[task][i] =
				letters[(state >> 16) % (sizeof(letters) - 1)];
		}
	for (int task = 0; task < 2; task++) {
		free(program->argv[1 + task]);
		program->argv[1 + task] = text_copy(programs[task]);
	}
	struct explore_options options = explore_defaults;
	options.detect &= ~DETECT(DEFECT_RACE);
	options.samples = 0;
	struct explored *reduced = explore(program, &options);
	options.every_access = true;
	options.without_states = true;
	struct explored *plain = explore(program, &options);
	ck_assert_int_eq(plain->coverage.kind, COVERAGE_COMPLETE);
	ck_assert_int_eq(reduced->coverage.kind, COVERAGE_COMPLETE);
	ck_assert_int_eq(plain->kind, reduced->kind);
	ck_assert_msg(same_outcomes(plain, reduced), "%s and %s: %u outcomes, not %u",
		programs[0], programs[1], reduced->outcomes_count, plain->outcomes_count);
	ck_assert_uint_le(reduced->coverage.executions, plain->coverage.executions);
	explored_free(reduced);
	explored_free(plain);
}

static void compare_all_with_plain(unsigned first, unsigned count)
{
	char letter[] = "a";
	char *arguments[] = {letter, letter, NULL};
	struct program *program = build("operations.c", NULL, arguments);
	for (unsigned i = first; i < first + count; i++)
		compare_with_plain(program, i);
	program_free(program);
}

START_TEST(the_reduction_reaches_what_plain_enumeration_does)
{
	compare_all_with_plain(SHORTER, FEW);
}
END_TEST

START_LONG_TEST(the_reduction_reaches_it_in_many_programs,
	the_reduction_reaches_what_plain_enumeration_does)
{
	compare_all_with_plain(0, MANY);
}
END_TEST

START_TEST(a_referee_may_judge_by_its_own_criterion)
{
	struct error error;
	struct program *program = build("threads.c", NULL, NULL);
	struct explore_options options = explore_defaults;
	options.detect = DETECT(DEFECT_CRITERION);
	struct explorer *explorer =
		explorer_new(&options, program_spawn, program, &error);
	ck_assert_ptr_nonnull(explorer);
	while (explorer_next(explorer)) {
		ck_assert_int_eq(explorer_run(explorer, &error), 0);
		const struct trace *trace = explorer_trace(explorer);
		explorer_judge(explorer, trace->result.exit_status != 0, "it broke");
	}
	const struct finding *finding = explorer_main_finding(explorer);
	ck_assert_ptr_nonnull(finding);
	ck_assert_int_eq(finding->defect.kind, DEFECT_CRITERION);
	ck_assert_str_eq(finding->defect.text, "it broke");
	ck_assert_uint_eq(finding->preemptions, 1);
	explorer_free(explorer);
	program_free(program);
}
END_TEST

START_TEST(what_the_program_writes_is_kept_within_bounds)
{
	struct control_memory *memory = memory_new(1, sizeof(*memory));
	struct trace trace = {0};
	memset(&memory->result, 0xff, sizeof(memory->result));
	memset(memory->defects, 0xff, sizeof(memory->defects));
	memset(memory->steps, 0xff, sizeof(memory->steps[0]) * 1000);
	trace_read(&trace, memory, 10);
	ck_assert_uint_eq(trace.result.steps, 10);
	trace_read(&trace, memory, UINT32_MAX);
	ck_assert_uint_eq(trace.result.steps, STEPS_MAX);
	ck_assert_uint_le(trace.result.defects, DEFECTS_MAX);
	ck_assert_uint_lt(trace.steps[0].task, TASKS_MAX);
	ck_assert_uint_lt(trace.steps[0].kind, STEP_KINDS);
	ck_assert_uint_lt(trace.defects[0].kind, DEFECT_KINDS);
	ck_assert_uint_lt(strlen(trace.defects[0].text), sizeof(trace.defects[0].text));
	ck_assert_uint_eq(trace.result.ending, ENDING_NONE);
	trace_release(&trace);
	free(memory);
}
END_TEST

START_TEST(the_explorer_checks_itself)
{
	struct error error;
	ck_assert_msg(explore_self_check(&error) == 0, "%s", error.message);
}
END_TEST

static const TTest *const *const tests[] = {
	&the_articles_race_needs_one_preemption,
	&the_locked_account_is_covered_completely,
	&what_can_go_one_way_only_goes_it_twice,
	&locks_taken_in_opposite_orders_deadlock,
	&threads_lose_an_update,
	&a_detector_switched_off_misses,
	&one_preemption_less_misses,
	&two_explorations_give_one_witness,
	&without_the_reduction_states_are_followed_twice,
	&a_referee_may_judge_by_its_own_criterion,
	&what_the_program_writes_is_kept_within_bounds,
	&the_explorer_checks_itself,
};

static void add_tests(TCase *tcase)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		add_short_test(tcase, *tests[i], 0, 1);
	add_short_test(tcase, the_reduction_reaches_what_plain_enumeration_does, 0, 1);
	add_long_test(tcase, the_reduction_reaches_it_in_many_programs, 0, 1);
}

int main(void)
{
	suite_hang_seconds = 1800; /* 50 programs enumerated plainly, on a busy machine */
	return suite_run_case("explore", add_tests, scratch_make, scratch_remove);
}
