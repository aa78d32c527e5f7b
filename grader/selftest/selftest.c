/* SPDX-License-Identifier: MIT */
#include "selftest/selftest.h"

#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "base/text.h"
#include "batch/batch.h"
#include "selftest/cases.h"
#include "selftest/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

/* The first criterion that was not passed, with what was seen, for a person. */
static char *describe(const struct result *result)
{
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (criterion->verdict == VERDICT_PASS ||
			criterion->verdict == VERDICT_BLOCKED)
			continue;
		for (size_t j = 0; j < criterion->evidence_count; j++)
			if (criterion->evidence[j].verdict == criterion->verdict)
				return text_format("%s: %s, %s: %s", criterion->name,
					verdict_name(criterion->verdict),
					stage_name(criterion->evidence[j].stage),
					criterion->evidence[j].reason);
		return text_format(
			"%s: %s", criterion->name, verdict_name(criterion->verdict));
	}
	return text_copy("nothing was judged");
}

static void blame(struct selftest_case *tested, const char *words, char *detail)
{
	if (!tested->fault)
		tested->fault = text_format("%s%s%s", words, *detail ? "; " : "", detail);
	free(detail);
}

static void judge_wrong(struct selftest_case *tested, const struct result *result)
{
	int expected = tested->expected ? result_find(result, tested->expected) : -1;

	if (!tested->expected)
		blame(tested, "its first line does not say: /* fails CRITERION: why */",
			text_copy(""));
	else if (expected < 0)
		blame(tested, "the criterion that it names is not one of the lab's",
			text_copy(tested->expected));
	for (size_t i = 0; expected >= 0 && i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if ((int)i == expected && criterion->verdict != VERDICT_FAIL)
			blame(tested, "it does not fail the criterion that it names",
				text_format("%s: %s", criterion->name,
					verdict_name(criterion->verdict)));
		else if ((int)i != expected && criterion->verdict == VERDICT_FAIL)
			blame(tested, "it fails another criterion than it names",
				describe(result));
	}
}

static void judge_skeleton(const struct selftest *test, struct selftest_case *tested,
	const struct result *result)
{
	long stated = test->lab->skeleton_points;

	if (tested->full_marks)
		blame(tested, "it gets full marks", text_copy(""));
	else if (result->points != stated)
		blame(tested, "its points are not what lab.yaml says",
			text_format("it gets %ld; skeleton_points is %ld", result->points,
				stated));
}

/* What was seen, and by which grading: with its seed it can be had again. */
static char *describe_grading(const struct submission *grading)
{
	char *seen = describe(grading->result);
	char *text = text_format(
		"%s (graded as %s, seed %s)", seen, grading->name, grading->result->seed);

	free(seen);
	return text;
}

static void judge(const struct selftest *test, struct selftest_case *tested,
	const struct submission *grading)
{
	const struct result *result = grading->result;
	bool right = tested->kind == SELFTEST_SOLUTION || tested->kind == SELFTEST_RIGHT;

	tested->gradings++;
	tested->full_marks = result && result->verdict == VERDICT_PASS;
	tested->failures += right && !tested->full_marks;
	if (!result || result->verdict == VERDICT_ERROR ||
		result->verdict == VERDICT_INCONCLUSIVE) {
		tested->unjudged = true;
		blame(tested, "it could not be judged",
			result ? describe_grading(grading) : text_copy(""));
	} else if (right && !tested->full_marks) {
		blame(tested, "it does not get full marks", describe_grading(grading));
	} else if (tested->kind == SELFTEST_SKELETON) {
		judge_skeleton(test, tested, result);
	} else if (tested->kind == SELFTEST_WRONG) {
		judge_wrong(tested, result);
	} else if (tested->kind == SELFTEST_MUTANT && tested->full_marks &&
		   !tested->excuse) {
		blame(tested, "it survives", text_copy(""));
	} else if (tested->kind == SELFTEST_MUTANT && !tested->full_marks &&
		   tested->excuse) {
		blame(tested, "it is marked as equivalent but was caught",
			describe(result));
	}
}

static bool is_repeated(const struct selftest_case *tested)
{
	return tested->kind == SELFTEST_SOLUTION || tested->kind == SELFTEST_RIGHT;
}

/* Adds a grading with inputs of its own. Reports of later rounds are kept as well, under
 * names that no case has. */
static int add_grading(struct batch *batch, const struct selftest_case *tested,
	long round, struct error *error)
{
	struct submission *grading = &batch->submissions[batch->count];

	if (getrandom(&grading->secret, sizeof(grading->secret), 0) < 0)
		return error_system(error, "cannot draw a seed");
	grading->name = round == 0 ? text_copy(tested->name)
				   : text_format("again-%03ld-%s", round, tested->name);
	grading->path = text_copy(tested->path);
	batch->count++;
	return 0;
}

/* The gradings of all rounds are one batch, so that no processor waits for the end of a
 * round. Case number cases[i] is what grading i is of. */
static int list_gradings(const struct selftest *test, struct batch *batch, size_t *cases,
	struct error *error)
{
	for (long round = 0; round < test->repeat; round++)
		for (size_t i = 0; i < test->count; i++) {
			if (round > 0 && !is_repeated(&test->cases[i]))
				continue;
			cases[batch->count] = i;
			if (add_grading(batch, &test->cases[i], round, error))
				return -1;
		}
	return 0;
}

static int grade_all(struct selftest *test, const char *output, struct error *error)
{
	size_t most = test->count * (size_t)test->repeat;
	size_t *cases = memory_new(most + 1, sizeof(*cases));
	struct batch batch = {.workshop = test->workshop,
		.lab = test->lab,
		.jobs = test->jobs,
		.progress = test->progress,
		.options = test->options};

	batch.submissions = memory_new(most + 1, sizeof(*batch.submissions));
	int status = list_gradings(test, &batch, cases, error);
	if (status == 0)
		status = batch_run(&batch, output, error);
	if (status == 0)
		batch_read(&batch, output);
	for (size_t i = 0; status == 0 && i < batch.count; i++)
		judge(test, &test->cases[cases[i]], &batch.submissions[i]);
	batch_release(&batch);
	free(cases);
	return status;
}

static int check_warnings(struct selftest *test, struct error *error)
{
	struct trial trial = {.lab = test->lab, .compiler = test->options->compiler};
	int status = 0;

	for (size_t i = 0; status == 0 && i < test->count; i++) {
		struct selftest_case *tested = &test->cases[i];
		struct trial_outcome outcome;
		if (tested->kind != SELFTEST_SKELETON)
			continue;
		status = trial_compile(&trial, tested->path, &outcome, error);
		if (status == 0 && *outcome.words)
			blame(tested, "the compiler has something to say of it",
				text_cut(outcome.words, 500));
		trial_outcome_release(&outcome);
	}
	return status;
}

/* A mark may be of a mutant that this compiler makes the same code of as another one. */
static void find_excuses(struct selftest *test)
{
	for (size_t i = 0; i < test->mutants.count; i++)
		(void)equivalents_find(&test->equivalents, test->mutants.list[i].diff);
	for (size_t i = 0; i < test->count; i++)
		if (test->cases[i].mutant)
			test->cases[i].excuse = equivalents_find(
				&test->equivalents, test->cases[i].mutant->diff);
	for (unsigned i = 0; i < test->equivalents.count; i++)
		test->stale |= !test->only && !test->equivalents.used[i];
}

int selftest_run(struct selftest *test, struct error *error)
{
	test->folder = folder_make_temporary(error);
	if (!test->folder || chmod(test->folder, 0755))
		return -1;
	/* Better now than after the first grading. */
	if (test->output && folder_make(test->output, error))
		return -1;
	if (cases_collect(test, error) || check_warnings(test, error))
		return -1;
	if (test->with_mutants) {
		if (cases_add_mutants(test, error) ||
			equivalents_read(&test->equivalents, test->lab, error))
			return -1;
		find_excuses(test);
	}
	if (interrupt_seen())
		return error_set(error, "stopped");
	if (test->count == 0)
		return error_set(error,
			"lab %s has nothing that fits '%s'; names are solution, "
			"skeleton, right-NAME, wrong-NAME and mutant-NUMBER",
			test->lab->name, test->only);
	char *output =
		test->output ? text_copy(test->output) : path_join(test->folder, "out");
	int status = grade_all(test, output, error);
	free(output);
	return status;
}

void selftest_release(struct selftest *test)
{
	struct error error;

	for (size_t i = 0; i < test->count; i++) {
		free(test->cases[i].name);
		free(test->cases[i].path);
		free(test->cases[i].expected);
		free(test->cases[i].fault);
	}
	free(test->cases);
	mutants_release(&test->mutants);
	equivalents_release(&test->equivalents);
	if (test->folder && folder_remove(test->folder, &error))
		fprintf(stderr, "interlock: %s\n", error.message);
	free(test->folder);
}

bool selftest_passed(const struct selftest *test)
{
	for (size_t i = 0; i < test->count; i++)
		if (test->cases[i].fault)
			return false;
	return !test->stale;
}

bool selftest_judged(const struct selftest *test)
{
	for (size_t i = 0; i < test->count; i++)
		if (test->cases[i].unjudged)
			return false;
	return true;
}
