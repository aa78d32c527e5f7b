/* SPDX-License-Identifier: MIT */
/*
 * Submissions of labs other than that of the class, and those that only a lab's own list of
 * functions stops: hostile/labs/LAB/NAME, whose first line says how many points they deserve.
 * None gets more, and none that deserves all gets less. Those that the build refuses would
 * be built without that guard.
 */
#include "run.h"

#include "base/temporary.h"
#include "build/build.h"
#include "grade/grade.h"
#include "grade/workshop.h"
#include "intake/intake.h"

#include <dirent.h>

#define CASES "grader/tests/hostile/labs/"

/* Of the first line of one of its files: "deserves N: why". */
static long deserved(const char *folder)
{
	DIR *files = opendir(folder);
	struct dirent *entry;
	long points = -1;

	ck_assert_ptr_nonnull(files);
	while ((entry = readdir(files))) {
		if (entry->d_name[0] == '.')
			continue;
		char *path = path_join(folder, entry->d_name);
		char *text = file_get(path);
		const char *words = strstr(text, "deserves ");
		ck_assert_msg(words != NULL, "%s says not what it deserves", path);
		points = strtol(words + strlen("deserves "), NULL, 10);
		free(text);
		free(path);
	}
	closedir(files);
	return points;
}

/* Whether its files are made into a program once the objects are not looked at. */
static bool is_built_unguarded(struct workshop *workshop, const char *path)
{
	struct error error = {""};
	struct intake intake;
	struct build_outcome outcome = {0};
	char *folder = folder_make_temporary(&error);
	struct build build = workshop_build(workshop, folder);

	build.without = GUARD_SYMBOLS;
	ck_assert_int_eq(intake_take(&intake, workshop->lab, path, folder, 0, &error), 0);
	intake_release(&intake);
	ck_assert_msg(build_player(&build, BUILD_FORK, &outcome, &error) == 0, "%s",
		error.message);
	bool built = !outcome.complaint;
	build_outcome_release(&outcome);
	ck_assert_int_eq(folder_remove(folder, &error), 0);
	free(folder);
	return built;
}

static void expect_deserved(const char *lab_name, const char *name)
{
	struct error error = {""};
	struct grade_options options = {.compiler = "gcc", .tier = box_probe(&error)};
	char *path = text_format(CASES "%s/%s", lab_name, name);
	struct lab *lab = lab_open(lab_name, &error);
	ck_assert_msg(lab != NULL, "%s", error.message);
	struct workshop *workshop = workshop_open(lab, &options, &error);
	ck_assert_msg(workshop != NULL, "%s", error.message);
	struct result *result = grade(workshop, path, name, &error);
	ck_assert_msg(result != NULL, "%s", error.message);

	long points = deserved(path);
	ck_assert_msg(
		result->points <= points, "%s got %ld points", path, result->points);
	ck_assert_msg(points < 100 || result->points == points, "%s got %ld points", path,
		result->points);
	if (result->points == 0)
		ck_assert_msg(is_built_unguarded(workshop, path),
			"%s would not be built without the guard", path);
	result_free(result);
	workshop_close(workshop);
	lab_close(lab);
	free(path);
}

static void judge_one(const char *lab_name, const char *name, const char *criterion,
	enum stage stage, unsigned without, bool passes)
{
	struct error error = {""};
	struct grade_options options = {
		.compiler = "gcc", .tier = box_probe(&error), .without = without};
	char *path = text_format(CASES "%s/%s", lab_name, name);
	struct lab *lab = lab_open(lab_name, &error);
	ck_assert_msg(lab != NULL, "%s", error.message);
	ck_assert_int_eq(lab_keep_only(lab, criterion, &error), 0);
	ck_assert_int_eq(lab_keep_only_stage(lab, stage, &error), 0);
	lab->stress.runs = 2;
	struct workshop *workshop = workshop_open(lab, &options, &error);
	ck_assert_msg(workshop != NULL, "%s", error.message);
	struct result *result = grade(workshop, path, name, &error);
	ck_assert_msg(result != NULL, "%s", error.message);
	ck_assert_msg((result->points == result->max_points) == passes,
		"%s: %ld of %ld points", name, result->points, result->max_points);
	result_free(result);
	workshop_close(workshop);
	lab_close(lab);
	free(path);
}

#ifdef __x86_64__
START_TEST(computed_branches_open_no_notes)
{
	judge_one("pool-map", "computed-call", "every_item_once", STAGE_STRESS, 0, false);
	judge_one("pool-map", "computed-call", "every_item_once", STAGE_STRESS,
		GUARD_BRANCHES, true);
}
END_TEST

START_TEST(calls_by_number_open_no_notes)
{
	judge_one("lock", "opens-by-number", "futex_tells_of_death", STAGE_STRESS, 0,
		false);
	judge_one("lock", "opens-by-number", "futex_tells_of_death", STAGE_STRESS,
		GUARD_BRANCHES, true);
}
END_TEST
#endif

START_TEST(large_inputs_are_worked_on_as_small_ones)
{
	judge_one("critical-section", "large-atomic", "lock_is_respected", STAGE_STRESS,
		0, false);
}
END_TEST

/* What the first compiler uses is too much already. */
START_TEST(the_compilers_time_is_the_submissions)
{
	struct error error = {""};
	struct grade_options options = {.compiler = "gcc", .tier = box_probe(&error)};
	struct lab *lab = lab_open("critical-section", &error);
	ck_assert_msg(lab != NULL, "%s", error.message);
	lab->limits.budget_seconds = 0;
	struct workshop *workshop = workshop_open(lab, &options, &error);
	ck_assert_msg(workshop != NULL, "%s", error.message);
	struct result *result =
		grade(workshop, "labs/critical-section/solution", "spent", &error);
	ck_assert_msg(result != NULL, "%s", error.message);
	ck_assert_int_eq(result->points, 0);
	const struct criterion_result *compiles = &result->criteria[0];
	expect_holds(compiles->evidence[compiles->evidence_count - 1].reason,
		"The compilers have used up the 0 s");
	result_free(result);
	workshop_close(workshop);
	lab_close(lab);
}
END_TEST

START_TEST(gates_and_counts_of_the_checks_are_theirs)
{
	judge_one("pool-map", "opens-the-gates", "workers_do_the_work", STAGE_STRESS, 0,
		false);
	judge_one("threads", "marks-orders", "every_order_is_done_once", STAGE_EXPLORE, 0,
		false);
}
END_TEST

START_TEST(the_notes_of_the_checks_are_not_written)
{
	expect_deserved("pool-map", "forge");
	expect_deserved("pool-map", "other-rights");
}
END_TEST

START_TEST(what_came_of_a_call_is_not_written_afterwards)
{
	judge_one("transfer", "writes-refusals", "moves_right_alone", STAGE_STRESS, 0,
		false);
}
END_TEST

START_TEST(the_librarys_own_work_is_no_answer)
{
	expect_deserved("pool-map", "library");
	expect_deserved("lock", "library");
}
END_TEST

START_TEST(memory_is_not_reached_by_what_nobody_follows)
{
	expect_deserved("critical-section", "second-mapping");
	expect_deserved("critical-section", "other-copy");
}
END_TEST

START_TEST(what_a_process_has_for_itself_costs_nothing)
{
	expect_deserved("critical-section", "static-counter");
}
END_TEST

static const TTest *const *const tests[] = {
	&the_notes_of_the_checks_are_not_written,
	&gates_and_counts_of_the_checks_are_theirs,
	&large_inputs_are_worked_on_as_small_ones,
	&the_compilers_time_is_the_submissions,
#ifdef __x86_64__
	&computed_branches_open_no_notes,
	&calls_by_number_open_no_notes,
#endif
	&what_came_of_a_call_is_not_written_afterwards,
	&the_librarys_own_work_is_no_answer,
	&memory_is_not_reached_by_what_nobody_follows,
	&what_a_process_has_for_itself_costs_nothing,
};
SUITE_MAIN("hostile labs", tests)
