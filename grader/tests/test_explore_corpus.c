/* SPDX-License-Identifier: MIT */
/*
 * Explore's verdicts on its corpus are those of corpus.yaml. make check-long adds the slow
 * programs, and looks for each kind of defect alone. INTERLOCK_CORPUS=NAME in the environment
 * runs one program only, be it open or not; INTERLOCK_COMPILER=clang compiles with clang.
 */
#include "../../reference/tests/long_test.h"
#include "base/memory.h"
#include "explore/bench/corpus.h"
#include "explore/bench/probe.h"
#include "explore/explore.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A guard against a hang only: explore's budgets are in executions. */
enum { TIMEOUT_S = 900 };

static struct corpus *corpus;

static bool selected(const struct corpus_program *program)
{
	const char *choice = getenv("INTERLOCK_CORPUS");

	if (choice && *choice)
		return strcmp(choice, program->name) == 0;
	return !program->open && (is_long_run() || !program->slow);
}

static struct probe explore(
	const struct corpus_program *program, const char *const options[])
{
	struct probe probe;
	struct error error;

	int status = probe_run(program, options, &probe, &error);
	ck_assert_msg(status == 0, "%s", error.message);
	return probe;
}

static void check_verdict(const struct corpus_program *program)
{
	static const char *const defaults[] = {NULL};
	struct probe found = explore(program, defaults);

	ck_assert_msg(found.code == (program->expect_count > 0),
		"%s: exit code %d, %s after %ld executions, first defect: %s",
		program->name, found.code, found.coverage, found.executions,
		found.kinds_count > 0 ? found.kinds[0] : "none");
	for (int i = 0; i < found.kinds_count; i++)
		ck_assert_msg(corpus_allows(program, found.kinds[i]), "%s: reports '%s'",
			program->name, found.kinds[i]);
	if (program->complete)
		ck_assert_msg(strcmp(found.coverage, "complete") == 0,
			"%s: is %s after %ld executions", program->name, found.coverage,
			found.executions);
	probe_release(&found);
}

static void check_kind(const struct corpus_program *program, const char *kind)
{
	const char *const options[] = {"--detect", kind, NULL};
	struct probe found = explore(program, options);

	ck_assert_msg(found.code == 1 && found.kinds_count > 0,
		"%s: no '%s' in %ld executions (%s)", program->name, kind,
		found.executions, found.coverage);
	for (int i = 0; i < found.kinds_count; i++)
		ck_assert_msg(strcmp(found.kinds[i], kind) == 0,
			"%s: reports '%s' where only '%s' was looked for", program->name,
			found.kinds[i], kind);
	probe_release(&found);
}

START_TEST(a_program_of_the_corpus_gets_its_verdict)
{
	if (selected(&corpus->programs[_i]))
		check_verdict(&corpus->programs[_i]);
}
END_TEST

START_LONG_TEST(a_slow_program_of_the_corpus_gets_its_verdict,
	a_program_of_the_corpus_gets_its_verdict)
{
	if (selected(&corpus->programs[_i]) && corpus->programs[_i].slow)
		check_verdict(&corpus->programs[_i]);
}
END_TEST

/* What stops the default run first hides the other kinds. */
START_LONG_TEST(
	each_kind_of_a_program_is_found_alone, a_detector_that_is_off_misses_its_defect)
{
	const struct corpus_program *program = &corpus->programs[_i];

	if (!selected(program) || program->expect_count < 2)
		return;
	for (unsigned i = 0; i < program->expect_count; i++)
		check_kind(program, program->expect[i]);
}
END_TEST

static const struct corpus_program *find(const char *name)
{
	for (unsigned i = 0; i < corpus->programs_count; i++)
		if (strcmp(corpus->programs[i].name, name) == 0)
			return &corpus->programs[i];
	ck_abort_msg("the corpus has no program '%s'", name);
	return NULL;
}

/* A program that has this defect and as few others as possible. */
static const struct corpus_program *example_of(const char *kind)
{
	const struct corpus_program *best = NULL;

	for (unsigned i = 0; i < corpus->programs_count; i++) {
		const struct corpus_program *program = &corpus->programs[i];
		unsigned kinds = program->expect_count + program->allow_count;
		if (!program->slow && !program->open && corpus_expects(program, kind) &&
			(!best || kinds < best->expect_count + best->allow_count))
			best = program;
	}
	ck_assert_msg(best != NULL, "no program of the corpus has '%s'", kind);
	return best;
}

/* What a task that dies shows in more than one way. */
static bool is_death(const char *kind)
{
	return strcmp(kind, "assert") == 0 || strcmp(kind, "crash") == 0 ||
	       strcmp(kind, "exit") == 0;
}

/* The names of all detectors but those of what the program may be reported for. */
static char *other_detectors(const struct corpus_program *program, const char *kind)
{
	char *names = text_copy("");

	for (int i = DEFECT_NONE + 1; i < DEFECT_KINDS; i++) {
		const char *name = defect_name((enum defect_kind)i);
		if (corpus_allows(program, name) || (is_death(kind) && is_death(name)))
			continue;
		char *more = text_format("%s%s%s", names, *names ? "," : "", name);
		free(names);
		names = more;
	}
	return names;
}

/* Every detector finds something that none of the others does. What a referee says is no
 * detector: its own test is with the explorer's. */
START_TEST(a_detector_that_is_off_misses_its_defect)
{
	for (int i = DEFECT_NONE + 1; i < DEFECT_KINDS; i++) {
		const char *kind = defect_name((enum defect_kind)i);
		if (i == DEFECT_CRITERION)
			continue;
		const struct corpus_program *program = example_of(kind);
		char *others = other_detectors(program, kind);
		const char *const options[] = {"--detect", others, NULL};
		struct probe found = explore(program, options);
		ck_assert_msg(found.code == 0, "%s: '%s' found with only %s on",
			program->name, found.kinds[0], others);
		probe_release(&found);
		check_kind(program, kind);
		free(others);
	}
}
END_TEST

/* The best published mean of a program of this kind, or 10 schedules. */
static int goal_of(const struct corpus_program *program)
{
	int goal = 0;

	for (unsigned i = 0; i < program->published_count; i++)
		if (program->published[i] > 0 &&
			(goal == 0 || program->published[i] < goal))
			goal = program->published[i];
	return goal > 10 ? goal : 10;
}

static void count_schedules(const struct corpus_program *program)
{
	enum { SEEDS = 3 };
	long sum = 0;

	for (int seed = 1; seed <= SEEDS; seed++) {
		char *text = text_format("%d", seed);
		const char *const options[] = {
			"--detect", "assert,deadlock", "--seed", text, NULL};
		struct probe found = explore(program, options);
		free(text);
		ck_assert_msg(
			found.first > 0, "%s: not with seed %d", program->name, seed);
		sum += found.first;
		probe_release(&found);
	}
	ck_assert_msg(sum <= SEEDS * goal_of(program), "%s: %.1f schedules, not %d",
		program->name, (double)sum / SEEDS, goal_of(program));
}

START_TEST(few_schedules_show_what_the_papers_look_for)
{
	if (selected(&corpus->programs[_i]) && corpus->programs[_i].published)
		count_schedules(&corpus->programs[_i]);
}
END_TEST

START_LONG_TEST(few_schedules_show_it_among_many_tasks,
	few_schedules_show_what_the_papers_look_for)
{
	const struct corpus_program *program = &corpus->programs[_i];

	if (selected(program) && program->published && program->slow)
		count_schedules(program);
}
END_TEST

START_TEST(names_in_the_list_are_unique)
{
	for (unsigned i = 0; i < corpus->programs_count; i++)
		ck_assert_ptr_eq(find(corpus->programs[i].name), &corpus->programs[i]);
}
END_TEST

int main(void)
{
	struct error error;

	corpus = corpus_read(&error);
	if (!corpus) {
		fprintf(stderr, "%s\n", error.message);
		return EXIT_FAILURE;
	}
	Suite *suite = suite_create("explore's corpus");
	TCase *verdicts = tcase_create("verdicts");
	int count = (int)corpus->programs_count;
	tcase_set_timeout(verdicts, TIMEOUT_S);
	add_short_test(verdicts, names_in_the_list_are_unique, 0, 1);
	add_short_test(verdicts, a_program_of_the_corpus_gets_its_verdict, 0, count);
	add_short_test(verdicts, few_schedules_show_what_the_papers_look_for, 0, count);
	add_short_test(verdicts, a_detector_that_is_off_misses_its_defect, 0, 1);
	add_long_test(verdicts, a_slow_program_of_the_corpus_gets_its_verdict, 0, count);
	add_long_test(verdicts, each_kind_of_a_program_is_found_alone, 0, count);
	add_long_test(verdicts, few_schedules_show_it_among_many_tasks, 0, count);
	suite_add_tcase(suite, verdicts);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	corpus_free(corpus);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
