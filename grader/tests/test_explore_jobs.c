/* SPDX-License-Identifier: MIT */
/*
 * Several servers that search at once come to what one alone does, to the last step, and one
 * schedule leads through the same states every time. A part of the corpus is compared, and in
 * make check-long the whole of it.
 */
#include "explored.h"

#include "explore/bench/corpus.h"

enum { JOBS = 3, WORDS = 32, EACH = 15, REPEATS = 30 };

static struct explorer *explore(struct program *program, uint32_t jobs)
{
	struct explore_options options = explore_defaults;
	options.jobs = jobs;
	options.samples = 20; /* the search is what is compared */
	options.budget = 3000;
	return explored_whole(program, &options);
}

static void compare_findings(
	const char *name, const struct explorer *one, const struct explorer *other)
{
	uint32_t count, others;
	const struct finding *findings = explorer_findings(one, &count);
	const struct finding *matches = explorer_findings(other, &others);
	ck_assert_uint_eq(count, others);
	for (uint32_t i = 0; i < count; i++) {
		ck_assert_msg(findings[i].execution == matches[i].execution &&
				      findings[i].defect.kind == matches[i].defect.kind &&
				      findings[i].defect.pc == matches[i].defect.pc,
			"%s: finding %u differs", name, i);
		ck_assert_msg(trace_equal(&findings[i].trace, &matches[i].trace),
			"%s: witness %u differs", name, i);
	}
}

static void compare(const char *name, struct program *program)
{
	struct explorer *one = explore(program, 1);
	struct explorer *other = explore(program, JOBS);
	struct coverage_report alone, together;
	char words[2][512];

	explorer_coverage(one, &alone);
	explorer_coverage(other, &together);
	coverage_sentence(&alone, words[0], sizeof(words[0]));
	coverage_sentence(&together, words[1], sizeof(words[1]));
	ck_assert_msg(
		strcmp(words[0], words[1]) == 0, "%s: %s, %s", name, words[0], words[1]);
	ck_assert_uint_eq(alone.minimising, together.minimising);
	ck_assert_uint_eq(alone.steps, together.steps);
	ck_assert_uint_eq(alone.outcomes, together.outcomes);
	compare_findings(name, one, other);
	explorer_free(one);
	explorer_free(other);
}

/* One server, one schedule: all that decides the future is the same before each step. */
static void repeat(const char *name, struct program *program)
{
	struct error error;
	struct server server;
	struct trace first = {0}, again = {0};
	ck_assert_msg(server_start(&server, program_spawn, program, &error) == 0, "%s",
		error.message);
	for (int i = 0; i < REPEATS; i++) {
		struct trace *trace = i ? &again : &first;
		server.memory->request = (struct request){.strategy = STRATEGY_RANDOM,
			.seed = 7,
			.max_steps = 10000,
			.detect = DETECT_ALL};
		server_set_plan(&server, NULL, 0);
		ck_assert_msg(server_execute(&server, &error) == 0, "%s: %s", name,
			error.message);
		trace_read(trace, server.memory, server.memory->request.max_steps);
		ck_assert_msg(!i || trace_equal(&first, &again), "%s: run %d", name, i);
		for (uint32_t k = 0; i && k < first.result.steps; k++)
			ck_assert_msg(first.steps[k].state == again.steps[k].state,
				"%s: run %d comes to another state before step %u", name,
				i, k);
	}
	server_stop(&server);
	trace_release(&first);
	trace_release(&again);
}

static void with_program(const struct corpus_program *entry,
	void (*check)(const char *name, struct program *program))
{
	struct error error;
	const char *words[WORDS + 1] = {NULL};
	char *copy, *flags[WORDS];
	struct program_sources sources = {.files_count = 1, .flags = flags};

	corpus_arguments(entry, words, WORDS, &copy);
	int count = 0;
	for (; words[count]; count++)
		flags[count] = (char *)(uintptr_t)words[count];
	sources.flags_count = count - 1; /* the last word is the file */
	sources.files = &flags[count - 1];
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s: %s", entry->name, error.message);
	check(entry->name, program);
	program_free(program);
	free(copy);
}

/* All of the corpus, or every EACHth program of those that are not slow. */
static void with_each(
	void (*check)(const char *name, struct program *program), unsigned part)
{
	struct error error;
	bool all = is_long_run();
	struct corpus *corpus = corpus_read(&error);

	ck_assert_msg(corpus != NULL, "%s", error.message);
	for (unsigned i = 0; i < corpus->programs_count; i++) {
		const struct corpus_program *entry = &corpus->programs[i];
		if (all || (!entry->slow && i % EACH == part))
			with_program(entry, check);
	}
	corpus_free(corpus);
}

START_TEST(any_number_of_servers_finds_the_same)
{
	with_each(compare, 4);
}
END_TEST

START_TEST(a_schedule_leads_through_the_same_states)
{
	with_each(repeat, 10);
}
END_TEST

START_LONG_TEST(any_number_of_servers_finds_the_same_everywhere,
	any_number_of_servers_finds_the_same)
{
	with_each(compare, 0);
}
END_TEST

START_LONG_TEST(schedules_lead_through_the_same_states_everywhere,
	a_schedule_leads_through_the_same_states)
{
	with_each(repeat, 0);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_set_timeout(tcase, 1800);
	add_short_test(tcase, any_number_of_servers_finds_the_same, 0, 1);
	add_short_test(tcase, a_schedule_leads_through_the_same_states, 0, 1);
	add_long_test(tcase, any_number_of_servers_finds_the_same_everywhere, 0, 1);
	add_long_test(tcase, schedules_lead_through_the_same_states_everywhere, 0, 1);
}

int main(void)
{
	return suite_run_case(
		"explore's servers", add_tests, scratch_make, scratch_remove);
}
