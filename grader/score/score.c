/* SPDX-License-Identifier: MIT */
/*
 * From evidence to verdicts. A pass needs every one of the criterion's stages to have
 * seen it pass; one failure from any of them fails it; what a stage that does not decide
 * the criterion saw changes nothing. Verdicts do not depend on the order of the evidence.
 */
#include "score/result.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Whether any evidence from that stage has that verdict. */
static bool was_seen(
	const struct criterion_result *criterion, enum stage stage, enum verdict verdict)
{
	for (size_t i = 0; i < criterion->evidence_count; i++)
		if (criterion->evidence[i].stage == stage &&
			criterion->evidence[i].verdict == verdict)
			return true;
	return false;
}

/* Whether any of the stages that decide the criterion reached that verdict. */
static bool was_decided(const struct criterion_result *criterion,
	const struct lab_criterion *rule, enum verdict verdict)
{
	for (unsigned i = 0; i < rule->stages_count; i++)
		if (was_seen(criterion, rule->stages[i], verdict))
			return true;
	return false;
}

/* A stage that decides the criterion but has not looked is the grader's failure: it is
 * said in so many words, so that no reader takes silence for success. Returns whether
 * there was none. */
static bool every_stage_passed(
	struct result *result, size_t index, const struct lab_criterion *rule)
{
	bool every = rule->stages_count > 0;

	for (unsigned i = 0; i < rule->stages_count; i++) {
		enum stage stage = rule->stages[i];
		if (was_seen(&result->criteria[index], stage, VERDICT_PASS))
			continue;
		struct evidence *missing =
			result_add_evidence(result, index, stage, VERDICT_INCONCLUSIVE);
		evidence_set_reason(missing, "The %s stage did not judge this criterion.",
			stage_name(stage));
		every = false;
	}
	return every;
}

static enum verdict weigh(
	struct result *result, size_t index, const struct lab_criterion *rule)
{
	const struct criterion_result *criterion = &result->criteria[index];

	if (was_decided(criterion, rule, VERDICT_FAIL))
		return VERDICT_FAIL;
	if (was_decided(criterion, rule, VERDICT_ERROR))
		return VERDICT_ERROR;
	if (was_decided(criterion, rule, VERDICT_INCONCLUSIVE))
		return VERDICT_INCONCLUSIVE;
	return every_stage_passed(result, index, rule) ? VERDICT_PASS
						       : VERDICT_INCONCLUSIVE;
}

/* The first need that was not passed, or NULL. One that could not be judged comes last:
 * where another one failed, the student's own fault decides. */
static const struct criterion_result *find_obstacle(
	const struct result *result, const struct lab_criterion *rule)
{
	const struct criterion_result *obstacle = NULL;

	for (unsigned i = 0; i < rule->needs_count; i++) {
		int needed = result_find(result, rule->needs[i]);
		if (needed < 0 || result->criteria[needed].verdict == VERDICT_PASS)
			continue;
		const struct criterion_result *found = &result->criteria[needed];
		if (found->verdict == VERDICT_FAIL || found->verdict == VERDICT_BLOCKED)
			return found;
		if (!obstacle)
			obstacle = found;
	}
	return obstacle;
}

/* Where the need was failed, the criterion is blocked; where the grader could not judge
 * the need, it cannot judge this one either, and the student must not pay for that. */
static enum verdict judge(
	struct result *result, size_t index, const struct lab_criterion *rule)
{
	const struct criterion_result *obstacle = find_obstacle(result, rule);
	struct criterion_result *criterion = &result->criteria[index];

	free(criterion->blocked_by);
	criterion->blocked_by = obstacle ? text_copy(obstacle->name) : NULL;
	if (!obstacle)
		return weigh(result, index, rule);
	if (obstacle->verdict == VERDICT_FAIL || obstacle->verdict == VERDICT_BLOCKED)
		return VERDICT_BLOCKED;
	return obstacle->verdict;
}

void result_add_notice(struct result *result, const char *notice)
{
	if (!result->notice)
		result->notice = text_copy(notice);
	else if (!strstr(result->notice, notice))
		text_replace(&result->notice, "%s\n%s", result->notice, notice);
}

/* What chance found, the systematic search should have found before. */
static void note_missed(
	struct result *result, size_t index, const struct lab_criterion *rule)
{
	const struct criterion_result *criterion = &result->criteria[index];
	bool explored = false;
	bool stressed = false;

	for (unsigned i = 0; i < rule->stages_count; i++) {
		explored = explored || rule->stages[i] == STAGE_EXPLORE;
		stressed = stressed || rule->stages[i] == STAGE_STRESS;
	}
	if (!explored || !stressed || !was_seen(criterion, STAGE_STRESS, VERDICT_FAIL) ||
		!was_seen(criterion, STAGE_EXPLORE, VERDICT_PASS) ||
		was_seen(criterion, STAGE_EXPLORE, VERDICT_FAIL))
		return;
	char *notice =
		text_format("%s: stress found a failure that explore missed. The "
			    "verdict stands. Please tell whoever made the lab: what "
			    "it explores is too small to show this, or interlock "
			    "has a defect.",
			criterion->name);
	result_add_notice(result, notice);
	free(notice);
}

static bool is_judged(enum verdict verdict)
{
	return verdict != VERDICT_INCONCLUSIVE && verdict != VERDICT_ERROR;
}

/* Of the whole, the worst: the grader's failures before the student's. Nothing judged is
 * no pass. */
static void total(struct result *result)
{
	bool seen[VERDICT_COUNT] = {false};

	result->points = 0;
	result->max_points = 0;
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];

		seen[criterion->verdict] = true;
		result->points += criterion->points;
		if (is_judged(criterion->verdict))
			result->max_points += criterion->max_points;
	}
	if (seen[VERDICT_ERROR] || result->criterion_count == 0)
		result->verdict = VERDICT_ERROR;
	else if (seen[VERDICT_INCONCLUSIVE])
		result->verdict = VERDICT_INCONCLUSIVE;
	else if (seen[VERDICT_FAIL] || seen[VERDICT_BLOCKED])
		result->verdict = VERDICT_FAIL;
	else
		result->verdict = VERDICT_PASS;
}

static void sum_up(struct result *result)
{
	for (size_t i = 0; i < result->criterion_count; i++) {
		struct criterion_result *criterion = &result->criteria[i];
		criterion->points =
			criterion->verdict == VERDICT_PASS ? criterion->max_points : 0;
	}
	total(result);
}

static void mark_deciding(
	struct criterion_result *criterion, const struct lab_criterion *rule)
{
	for (size_t i = 0; i < criterion->evidence_count; i++) {
		struct evidence *evidence = &criterion->evidence[i];
		evidence->decides = lab_stage_decides(rule, evidence->stage);
	}
}

void result_score(struct result *result, const struct lab *lab)
{
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct lab_criterion *rule = &lab->criteria[i];

		result->criteria[i].verdict = judge(result, i, rule);
		mark_deciding(&result->criteria[i], rule);
		note_missed(result, i, rule);
	}
	sum_up(result);
}

/* One stage of each criterion that decides it saw nothing: the rest follows. */
struct result *result_unjudged(
	const struct lab *lab, const char *submission, const char *reason)
{
	struct result *result = result_new(lab, submission);

	for (unsigned i = 0; i < lab->criteria_count; i++)
		evidence_set_reason(result_add_evidence(result, i,
					    lab->criteria[i].stages[0], VERDICT_ERROR),
			"%s", reason);
	result_score(result, lab);
	return result;
}

void result_fail(struct result *result, const char *reason)
{
	for (size_t i = 0; i < result->criterion_count; i++) {
		struct criterion_result *criterion = &result->criteria[i];
		criterion->verdict = VERDICT_FAIL;
		for (size_t k = 0; k < criterion->evidence_count; k++) {
			criterion->evidence[k].verdict = VERDICT_FAIL;
			evidence_set_reason(&criterion->evidence[k], "%s", reason);
		}
	}
	sum_up(result);
}

void result_adjust(
	struct result *result, const char *criterion, long points, const char *notice)
{
	int index = result_find(result, criterion);

	if (index < 0)
		return;
	struct criterion_result *changed = &result->criteria[index];
	long given = points > changed->max_points ? changed->max_points : points;
	changed->verdict = given == changed->max_points ? VERDICT_PASS : VERDICT_FAIL;
	changed->points = given;
	total(result);
	result_add_notice(result, notice);
}
