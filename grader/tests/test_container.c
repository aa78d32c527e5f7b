/* SPDX-License-Identifier: MIT */
/*
 * Behind what containers refuse by default, where most graders of programs run, everything
 * works: the tests enter that filter and stay behind it. With INTERLOCK_LABS=all in the
 * environment for all labs, else for one.
 */
#include "container.h"
#include "run.h"

#include <dirent.h>

enum { LAB_HANG_SECONDS = 1200 };

static struct dirent **lab_entries;
static int lab_count;

static int is_lab(const struct dirent *entry)
{
	const char *wanted = getenv("INTERLOCK_LABS");
	char *folder = path_of("share/interlock/labs");
	char *path = text_format("%s/%s/lab.yaml", folder, entry->d_name);
	int found =
		path_is_file(path) && ((wanted && !strcmp(wanted, "all")) ||
					      !strcmp(entry->d_name, "critical-section"));

	free(path);
	free(folder);
	return found;
}

static void expect_passed(struct ran *ran, const char *what)
{
	ck_assert_msg(ran->code == 0, "%s: %d\n%s%s", what, ran->code, ran->output,
		ran->errors);
}

/* Each test is a process of its own, so that the filter ends with it. */
START_TEST(addresses_cannot_be_fixed_by_asking)
{
	container_enter();
	ck_assert_int_lt(personality(ADDR_NO_RANDOMIZE), 0);
	ck_assert_int_eq(errno, EPERM);
}
END_TEST

START_TEST(doctor_finds_a_tier_that_works)
{
	container_enter();
	struct ran ran = run_interlock("doctor", NULL);
	expect_passed(&ran, "doctor");
	expect_holds(ran.output, "This is tier C");
	expect_holds(ran.output, "finds a known race and a known deadlock");
	ran_release(&ran);
}
END_TEST

/* The very bytes, of a race and of a program that is right. */
START_TEST(explore_says_what_it_says_outside)
{
	static const char *const flags[] = {"-DLOCK", "-DNOTHING"};
	struct ran outside[2];
	for (int i = 0; i < 2; i++)
		outside[i] = run_interlock(
			"explore", flags[i], "grader/tests/explore/account.c", NULL);
	ck_assert_int_ne(outside[0].code, outside[1].code);
	container_enter();
	for (int i = 0; i < 2; i++) {
		struct ran inside = run_interlock(
			"explore", flags[i], "grader/tests/explore/account.c", NULL);
		ck_assert_int_eq(inside.code, outside[i].code);
		ck_assert_str_eq(inside.output, outside[i].output);
		ck_assert_str_eq(inside.errors, outside[i].errors);
		ran_release(&inside);
		ran_release(&outside[i]);
	}
}
END_TEST

/* A student's folder, with the solution in it. */
static char *make_work(const char *lab, const char *solution)
{
	struct error error = {""};
	char *work = scratch_path("work-%s", lab);
	struct ran ran = run_interlock("handout", "-o", work, lab, NULL);

	expect_passed(&ran, "handout");
	ran_release(&ran);
	ck_assert_msg(folder_copy(solution, work, &error) == 0, "%s", error.message);
	return work;
}

START_TEST(check_passes_a_solution)
{
	const char *lab = lab_entries[_i]->d_name;
	char *labs = path_of("share/interlock/labs");
	char *solution = text_format("%s/%s/solution", labs, lab);
	char *work = make_work(lab, solution);

	container_enter();
	struct ran ran = run_interlock("check", work, NULL);
	expect_passed(&ran, solution);
	ran_release(&ran);
	free(work);
	free(solution);
	free(labs);
}
END_TEST

START_TEST(grade_gives_a_solution_all_points)
{
	const char *lab = lab_entries[_i]->d_name;
	char *labs = path_of("share/interlock/labs");
	char *solution = text_format("%s/%s/solution", labs, lab);
	char *reports = scratch_path("reports-%d", _i);

	container_enter();
	struct ran ran = run_interlock("grade", "-o", reports, lab, solution, NULL);
	expect_passed(&ran, solution);
	expect_holds(ran.output, "100 of 100 points");
	ran_release(&ran);
	free(reports);
	free(solution);
	free(labs);
}
END_TEST

int main(void)
{
	char *folder = path_of("share/interlock/labs");
	Suite *suite = suite_create("container");
	TCase *tcase = tcase_create("container");

	lab_count = scandir(folder, &lab_entries, is_lab, alphasort);
	free(folder);
	tcase_add_unchecked_fixture(tcase, scratch_make, scratch_remove);
	tcase_set_timeout(tcase, LAB_HANG_SECONDS);
	tcase_add_test(tcase, addresses_cannot_be_fixed_by_asking);
	tcase_add_test(tcase, doctor_finds_a_tier_that_works);
	tcase_add_test(tcase, explore_says_what_it_says_outside);
	tcase_add_loop_test(tcase, check_passes_a_solution, 0, lab_count);
	tcase_add_loop_test(tcase, grade_gives_a_solution_all_points, 0, lab_count);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	for (int i = 0; i < lab_count; i++)
		free(lab_entries[i]);
	free(lab_entries);
	return failed || lab_count <= 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
