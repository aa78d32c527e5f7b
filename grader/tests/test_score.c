/* SPDX-License-Identifier: MIT */
#include "score/result.h"
#include "tests/sample.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct result *result;

static void setup(void)
{
	result = result_new(&sample_lab, "alice");
}

static void teardown(void)
{
	result_free(result);
}

static void see(size_t criterion, enum stage stage, enum verdict verdict)
{
	result_add_evidence(result, criterion, stage, verdict);
}

static void see_all_pass_but(size_t criterion)
{
	see(COMPILES, STAGE_BUILD, VERDICT_PASS);
	for (size_t i = FINISHES; i <= NO_UPDATE_IS_LOST; i++) {
		if (i == criterion)
			continue;
		see(i, STAGE_STRESS, VERDICT_PASS);
		see(i, STAGE_EXPLORE, VERDICT_PASS);
	}
}

static void expect(size_t criterion, enum verdict verdict)
{
	result_score(result, &sample_lab);
	ck_assert_str_eq(
		verdict_name(result->criteria[criterion].verdict), verdict_name(verdict));
}

static void expect_total(enum verdict verdict, long points, long max_points)
{
	result_score(result, &sample_lab);
	ck_assert_str_eq(verdict_name(result->verdict), verdict_name(verdict));
	ck_assert_int_eq(result->points, points);
	ck_assert_int_eq(result->max_points, max_points);
}

START_TEST(all_stages_passing_earns_full_marks)
{
	see_all_pass_but(COMPILES);
	expect_total(VERDICT_PASS, 35, 35);
	ck_assert_ptr_null(result->notice);
}
END_TEST

START_TEST(a_new_result_passes_nothing)
{
	ck_assert_int_eq(result->verdict, VERDICT_ERROR);
	expect(COMPILES, VERDICT_INCONCLUSIVE);
	expect_total(VERDICT_INCONCLUSIVE, 0, 0);
}
END_TEST

START_TEST(one_silent_stage_is_no_pass)
{
	see_all_pass_but(NO_UPDATE_IS_LOST);
	see(NO_UPDATE_IS_LOST, STAGE_STRESS, VERDICT_PASS);
	expect(NO_UPDATE_IS_LOST, VERDICT_INCONCLUSIVE);
	expect_total(VERDICT_INCONCLUSIVE, 15, 15);
	struct criterion_result *criterion = &result->criteria[NO_UPDATE_IS_LOST];
	const struct evidence *last = &criterion->evidence[criterion->evidence_count - 1];
	ck_assert_int_eq(last->stage, STAGE_EXPLORE);
	ck_assert_int_eq(last->verdict, VERDICT_INCONCLUSIVE);
	ck_assert_ptr_nonnull(strstr(last->reason, "explore"));
	ck_assert_uint_eq(criterion->evidence_count, 2);
}
END_TEST

START_TEST(scoring_twice_changes_nothing)
{
	see_all_pass_but(NO_UPDATE_IS_LOST);
	see(NO_UPDATE_IS_LOST, STAGE_STRESS, VERDICT_FAIL);
	see(NO_UPDATE_IS_LOST, STAGE_EXPLORE, VERDICT_PASS);
	result_score(result, &sample_lab);
	char *notice = strdup(result->notice);
	expect_total(VERDICT_FAIL, 15, 35);
	ck_assert_str_eq(result->notice, notice);
	free(notice);
}
END_TEST

START_TEST(one_failure_outweighs_every_pass)
{
	see_all_pass_but(COMPILES);
	see(FINISHES, STAGE_EXPLORE, VERDICT_FAIL);
	see(FINISHES, STAGE_EXPLORE, VERDICT_PASS);
	expect(FINISHES, VERDICT_FAIL);
	expect(NO_UPDATE_IS_LOST, VERDICT_BLOCKED);
	ck_assert_str_eq(result->criteria[NO_UPDATE_IS_LOST].blocked_by, "finishes");
	expect_total(VERDICT_FAIL, 5, 35);
}
END_TEST

START_TEST(a_stage_that_does_not_decide_changes_nothing)
{
	see_all_pass_but(COMPILES);
	see(NO_UPDATE_IS_LOST, STAGE_HELGRIND, VERDICT_FAIL);
	see(COMPILES, STAGE_STRESS, VERDICT_ERROR);
	expect_total(VERDICT_PASS, 35, 35);
	const struct criterion_result *criterion = &result->criteria[NO_UPDATE_IS_LOST];
	for (size_t i = 0; i < criterion->evidence_count; i++)
		ck_assert(criterion->evidence[i].decides ==
			  (criterion->evidence[i].verdict == VERDICT_PASS));
}
END_TEST

START_TEST(a_stage_that_does_not_decide_earns_nothing)
{
	see_all_pass_but(NO_UPDATE_IS_LOST);
	see(NO_UPDATE_IS_LOST, STAGE_HELGRIND, VERDICT_PASS);
	expect(NO_UPDATE_IS_LOST, VERDICT_INCONCLUSIVE);
}
END_TEST

START_TEST(the_graders_failure_costs_nothing)
{
	see_all_pass_but(COMPILES);
	see(NO_UPDATE_IS_LOST, STAGE_EXPLORE, VERDICT_INCONCLUSIVE);
	expect(NO_UPDATE_IS_LOST, VERDICT_INCONCLUSIVE);
	expect_total(VERDICT_INCONCLUSIVE, 15, 15);
	see(NO_UPDATE_IS_LOST, STAGE_STRESS, VERDICT_ERROR);
	expect(NO_UPDATE_IS_LOST, VERDICT_ERROR);
	expect_total(VERDICT_ERROR, 15, 15);
}
END_TEST

START_TEST(a_failure_outweighs_the_graders_failure)
{
	see_all_pass_but(COMPILES);
	see(NO_UPDATE_IS_LOST, STAGE_EXPLORE, VERDICT_ERROR);
	see(NO_UPDATE_IS_LOST, STAGE_STRESS, VERDICT_FAIL);
	expect_total(VERDICT_FAIL, 15, 35);
}
END_TEST

START_TEST(a_failed_need_blocks_down_the_chain)
{
	see(COMPILES, STAGE_BUILD, VERDICT_FAIL);
	expect(FINISHES, VERDICT_BLOCKED);
	expect(NO_UPDATE_IS_LOST, VERDICT_BLOCKED);
	ck_assert_str_eq(result->criteria[NO_UPDATE_IS_LOST].blocked_by, "compiles");
	expect_total(VERDICT_FAIL, 0, 35);
}
END_TEST

START_TEST(a_need_that_could_not_be_judged_costs_nothing)
{
	see_all_pass_but(COMPILES);
	see(COMPILES, STAGE_BUILD, VERDICT_ERROR);
	expect(FINISHES, VERDICT_ERROR);
	expect(NO_UPDATE_IS_LOST, VERDICT_ERROR);
	ck_assert_str_eq(result->criteria[FINISHES].blocked_by, "compiles");
	expect_total(VERDICT_ERROR, 0, 0);
}
END_TEST

START_TEST(a_failed_need_goes_before_one_not_judged)
{
	struct lab_criterion three[] = {sample_criteria[COMPILES],
		sample_criteria[FINISHES], sample_criteria[NO_UPDATE_IS_LOST]};
	struct lab independent = {.name = sample_name,
		.title = sample_title,
		.criteria = three,
		.criteria_count = 3};

	three[FINISHES].needs_count = 0;
	see(COMPILES, STAGE_BUILD, VERDICT_INCONCLUSIVE);
	see(FINISHES, STAGE_STRESS, VERDICT_FAIL);
	result_score(result, &independent);
	const struct criterion_result *last = &result->criteria[NO_UPDATE_IS_LOST];
	ck_assert_int_eq(last->verdict, VERDICT_BLOCKED);
	ck_assert_str_eq(last->blocked_by, "finishes");
}
END_TEST

START_TEST(what_explore_missed_fails_and_is_our_defect)
{
	see_all_pass_but(NO_UPDATE_IS_LOST);
	see(NO_UPDATE_IS_LOST, STAGE_STRESS, VERDICT_FAIL);
	see(NO_UPDATE_IS_LOST, STAGE_EXPLORE, VERDICT_PASS);
	result->notice = strdup("The sandbox is degraded.");
	expect_total(VERDICT_FAIL, 15, 35);
	ck_assert_ptr_nonnull(strstr(result->notice, "The sandbox is degraded.\n"));
	ck_assert_ptr_nonnull(strstr(result->notice, "no_update_is_lost"));
	ck_assert_ptr_nonnull(strstr(result->notice, "explore missed"));
}
END_TEST

START_TEST(what_explore_found_too_is_no_defect)
{
	see_all_pass_but(NO_UPDATE_IS_LOST);
	see(NO_UPDATE_IS_LOST, STAGE_STRESS, VERDICT_FAIL);
	see(NO_UPDATE_IS_LOST, STAGE_EXPLORE, VERDICT_FAIL);
	expect_total(VERDICT_FAIL, 15, 35);
	ck_assert_ptr_null(result->notice);
}
END_TEST

/* Every order of four pieces of evidence, and every verdict for each. */
START_TEST(the_order_of_evidence_does_not_matter)
{
	for (unsigned mix = 0; mix < VERDICT_COUNT * VERDICT_COUNT; mix++) {
		enum verdict one = (enum verdict)(mix % VERDICT_COUNT);
		enum verdict other = (enum verdict)(mix / VERDICT_COUNT);
		struct result *turned = result_new(&sample_lab, "alice");

		see(COMPILES, STAGE_BUILD, VERDICT_PASS);
		see(FINISHES, STAGE_STRESS, one);
		see(FINISHES, STAGE_EXPLORE, other);
		result_add_evidence(turned, FINISHES, STAGE_EXPLORE, other);
		result_add_evidence(turned, FINISHES, STAGE_STRESS, one);
		result_add_evidence(turned, COMPILES, STAGE_BUILD, VERDICT_PASS);
		result_score(result, &sample_lab);
		result_score(turned, &sample_lab);
		ck_assert_int_eq(result->criteria[FINISHES].verdict,
			turned->criteria[FINISHES].verdict);
		ck_assert_int_eq(result->points, turned->points);
		result_free(turned);
		result_free(result);
		setup();
	}
}
END_TEST

START_TEST(a_lab_without_criteria_passes_nobody)
{
	struct lab empty = {.name = sample_name, .title = sample_title};
	struct result *none = result_new(&empty, "alice");

	result_score(none, &empty);
	ck_assert_int_eq(none->verdict, VERDICT_ERROR);
	result_free(none);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("score");
	TCase *tcase = tcase_create("score");
	SRunner *runner = srunner_create(suite);

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, all_stages_passing_earns_full_marks);
	tcase_add_test(tcase, a_new_result_passes_nothing);
	tcase_add_test(tcase, one_silent_stage_is_no_pass);
	tcase_add_test(tcase, scoring_twice_changes_nothing);
	tcase_add_test(tcase, one_failure_outweighs_every_pass);
	tcase_add_test(tcase, a_stage_that_does_not_decide_changes_nothing);
	tcase_add_test(tcase, a_stage_that_does_not_decide_earns_nothing);
	tcase_add_test(tcase, the_graders_failure_costs_nothing);
	tcase_add_test(tcase, a_failure_outweighs_the_graders_failure);
	tcase_add_test(tcase, a_failed_need_blocks_down_the_chain);
	tcase_add_test(tcase, a_need_that_could_not_be_judged_costs_nothing);
	tcase_add_test(tcase, a_failed_need_goes_before_one_not_judged);
	tcase_add_test(tcase, what_explore_missed_fails_and_is_our_defect);
	tcase_add_test(tcase, what_explore_found_too_is_no_defect);
	tcase_add_test(tcase, the_order_of_evidence_does_not_matter);
	tcase_add_test(tcase, a_lab_without_criteria_passes_nobody);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
