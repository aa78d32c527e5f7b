/* SPDX-License-Identifier: MIT */
/*
 * Explore finds on small random programs what an oracle of the tests' own finds that
 * follows every interleaving: the same final states, no others, and the same deadlocks.
 * make check-long tries many more programs.
 */
#include "../../reference/tests/long_test.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "explore/bench/probe.h"
#include "explore/bench/random_program.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* TIMEOUT_S is a guard against a hang only. No key has more than six digits. */
enum { FEW = 3, MANY = 60, TIMEOUT_S = 900, NO_KEY = 0x1000000 };

struct subject {
	struct random_program program;
	struct outcomes outcomes;
	char *folder;
	char *file;
	const char *fork; /* every other program runs as processes */
};

static void set_up(struct subject *subject, int seed)
{
	struct error error;

	random_program_draw(&subject->program, (uint64_t)seed);
	random_program_enumerate(&subject->program, &subject->outcomes);
	subject->folder = folder_make_temporary(&error);
	ck_assert_msg(subject->folder != NULL, "%s", error.message);
	subject->file = path_join(subject->folder, "program.c");
	subject->fork = seed % 2 ? "-DFORK " : "";
	char *text = random_program_text(&subject->program);
	ck_assert_msg(file_replace(subject->file, text, strlen(text), &error) == 0, "%s",
		error.message);
	free(text);
}

static void tear_down(struct subject *subject)
{
	struct error error;

	outcomes_release(&subject->outcomes);
	ck_assert_msg(folder_remove(subject->folder, &error) == 0, "%s", error.message);
	free(subject->folder);
	free(subject->file);
}

/* Whether the kind of defect is found; if not, the search must have covered so much. */
static bool finds_within(const struct subject *subject, const char *kind,
	uint32_t forbidden, const char *bound, const char *coverage)
{
	char *flags = text_format("%s-DFORBIDDEN=%uu", subject->fork, forbidden);
	char *source = text_copy(subject->file);
	char name[] = "a random program";
	struct corpus_program program = {.name = name, .file = source, .flags = flags};
	const char *const options[] = {
		"--detect", kind, bound, bound ? "--samples=0" : NULL, NULL};
	struct probe probe;
	struct error error;

	int status = probe_run(&program, options, &probe, &error);
	ck_assert_msg(status == 0, "%s", error.message);
	bool found = probe.code == 1;
	ck_assert_msg(found || strcmp(probe.coverage, coverage) == 0,
		"%s after %ld executions", probe.coverage, probe.executions);
	probe_release(&probe);
	free(source);
	free(flags);
	return found;
}

static bool finds(const struct subject *subject, const char *kind, uint32_t forbidden)
{
	return finds_within(subject, kind, forbidden, NULL, "complete");
}

/* A key that differs from one that can be in a single digit, and cannot be itself. */
static uint32_t impossible_key(const struct outcomes *outcomes)
{
	uint32_t key = outcomes->keys[outcomes->count / 2];

	while (outcomes_have(outcomes, key))
		key ^= (key & 1) ? 0x11 : 0x1;
	return key;
}

static void check_final_states(const struct subject *subject, int seed)
{
	const struct outcomes *outcomes = &subject->outcomes;
	size_t step = outcomes->count > 3 ? outcomes->count / 3 : 1;

	for (size_t i = 0; i < outcomes->count; i += step)
		ck_assert_msg(finds(subject, "assert", outcomes->keys[i]),
			"seed %d: the final state %06x is never reached", seed,
			outcomes->keys[i]);
	if (outcomes->count > 0) {
		uint32_t key = impossible_key(outcomes);
		ck_assert_msg(!finds(subject, "assert", key),
			"seed %d: the final state %06x cannot be", seed, key);
	}
}

static void compare_with_oracle(int seed)
{
	struct subject subject;

	set_up(&subject, seed);
	ck_assert_msg(finds(&subject, "deadlock", NO_KEY) == subject.outcomes.deadlock,
		"seed %d: explore and the oracle disagree on a deadlock", seed);
	check_final_states(&subject, seed);
	tear_down(&subject);
}

START_TEST(all_interleavings_and_no_others_are_found)
{
	compare_with_oracle(_i);
}
END_TEST

START_LONG_TEST(all_interleavings_of_many_programs_are_found,
	all_interleavings_and_no_others_are_found)
{
	compare_with_oracle(_i);
}
END_TEST

/* What the oracle says bites: a search that may not preempt cannot come up to it. */
START_TEST(without_preemptions_final_states_are_missed)
{
	struct subject subject;
	size_t missed = 0;

	set_up(&subject, 3);
	for (size_t i = 0; i < subject.outcomes.count; i++)
		missed += !finds_within(&subject, "assert", subject.outcomes.keys[i],
			"--bound=0", "bounded");
	ck_assert_uint_gt(missed, 0);
	tear_down(&subject);
}
END_TEST

START_TEST(the_oracle_knows_a_lost_update)
{
	const struct random_program program = {.tasks = 2,
		.lengths = {1, 1},
		.operations = {{{RANDOM_UPDATE, 0, 1}}, {{RANDOM_UPDATE, 0, 2}}}};
	struct outcomes outcomes;

	random_program_enumerate(&program, &outcomes);
	ck_assert_uint_eq(outcomes.count, 3);
	ck_assert(outcomes_have(&outcomes, 0x100000));
	ck_assert(outcomes_have(&outcomes, 0x200000));
	ck_assert(outcomes_have(&outcomes, 0x300000));
	ck_assert(!outcomes.deadlock);
	outcomes_release(&outcomes);
}
END_TEST

START_TEST(the_oracle_knows_a_deadlock)
{
	const struct random_program program = {.tasks = 2,
		.lengths = {4, 4},
		.operations = {{{RANDOM_LOCK, 0, 0}, {RANDOM_LOCK, 1, 0},
				       {RANDOM_UNLOCK, 1, 0}, {RANDOM_UNLOCK, 0, 0}},
			{{RANDOM_LOCK, 1, 0}, {RANDOM_LOCK, 0, 0}, {RANDOM_UNLOCK, 0, 0},
				{RANDOM_UNLOCK, 1, 0}}}};
	struct outcomes outcomes;

	random_program_enumerate(&program, &outcomes);
	ck_assert_uint_eq(outcomes.count, 1);
	ck_assert(outcomes.deadlock);
	outcomes_release(&outcomes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore on random programs");
	TCase *random = tcase_create("random programs");

	tcase_set_timeout(random, TIMEOUT_S);
	add_short_test(random, the_oracle_knows_a_lost_update, 0, 1);
	add_short_test(random, the_oracle_knows_a_deadlock, 0, 1);
	add_short_test(random, without_preemptions_final_states_are_missed, 0, 1);
	add_short_test(random, all_interleavings_and_no_others_are_found, 4, 4 + FEW);
	add_long_test(random, all_interleavings_of_many_programs_are_found, 1, MANY + 1);
	suite_add_tcase(suite, random);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
