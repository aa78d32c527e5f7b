/* SPDX-License-Identifier: MIT */
/*
 * Every lab proves itself by the real program: its solution, its skeleton, what is in right/ and
 * wrong/; in make check the solution of each, and of one lab a wrong one for each criterion.
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "run.h"

#include <dirent.h>

enum { LAB_HANG_SECONDS = 1200 };

static struct dirent **lab_entries;
static int lab_count;

static int is_lab(const struct dirent *entry)
{
	char *folder = path_of("share/interlock/labs");
	char *path = text_format("%s/%s/lab.yaml", folder, entry->d_name);
	int found = path_is_file(path);

	free(path);
	free(folder);
	return found;
}

static void expect_grades_right(
	const char *lab, const char *part, const char *only, const char *words)
{
	struct ran ran = run_interlock("selftest", part, only, "--jobs=2", lab, NULL);

	ck_assert_msg(ran.code == 0, "%s: exit code %d\n%s%s", lab, ran.code, ran.output,
		ran.errors);
	expect_holds(ran.output, words);
	ran_release(&ran);
}

START_TEST(the_labs_solution_gets_full_marks)
{
	expect_grades_right(lab_entries[_i]->d_name, "--no-mutants", "--only=solution",
		"1 with full marks");
}
END_TEST

START_TEST(a_lab_grades_a_sample_right)
{
	expect_grades_right(
		"race", "--sample", "--only=*", "The lab grades its sample right.");
}
END_TEST

START_LONG_TEST(the_lab_grades_all_right, the_labs_solution_gets_full_marks)
{
	expect_grades_right(lab_entries[_i]->d_name, "--no-mutants", "--only=*",
		"The lab grades right.");
}
END_TEST

/* Copies a lab, with this one submission in right/ and this one in wrong/. */
static char *make_lab(const char *right, const char *wrong)
{
	static const char *const kept[] = {"lab.yaml", "include", "solution", "checks"};
	struct error error = {""};
	char *lab = path_of("share/interlock/labs/critical-section");
	char *copy = scratch_path("lab");

	ck_assert_msg(folder_make(copy, &error) == 0, "%s", error.message);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		char *from = path_join(lab, kept[i]);
		char *to = path_join(copy, kept[i]);
		int status = path_is_folder(from) ? folder_copy(from, to, &error)
						  : file_copy(from, to, &error);
		ck_assert_msg(status == 0, "%s", error.message);
		free(to);
		free(from);
	}
	char *right_file = path_join(copy, "right/only/account.c");
	char *wrong_file = path_join(copy, "wrong/only/account.c");
	file_put(right_file, right);
	file_put(wrong_file, wrong);
	free(wrong_file);
	free(right_file);
	free(lab);
	return copy;
}

#define ACCOUNT(sign)                                                                    \
	"#include \"account.h\"\n"                                                       \
	"static void update(struct account *account, long times, long change)\n"         \
	"{\n"                                                                            \
	"	while (times-- > 0) {\n"                                                       \
	"		mp_lock_acquire(&account->lock);\n"                                           \
	"		account->balance " sign " change;\n"                             \
	"		mp_lock_release(&account->lock);\n"                                           \
	"	}\n"                                                                           \
	"}\n"                                                                            \
	"void account_withdraw(struct account *account, long times, long amount)\n"      \
	"{\n"                                                                            \
	"	update(account, times, -amount);\n"                                            \
	"}\n"                                                                            \
	"void account_deposit(struct account *account, long times, long amount)\n"       \
	"{\n"                                                                            \
	"	update(account, times, amount);\n"                                             \
	"}\n"

static struct ran run_selftest(const char *lab, const char *only)
{
	char *reports = scratch_path("reports");
	char *pattern = text_format("--only=%s", only);
	struct ran ran = run_interlock(
		"selftest", "--no-mutants", pattern, "-o", reports, lab, NULL);

	free(pattern);
	free(reports);
	return ran;
}

START_TEST(a_wrong_one_that_passes_is_reported)
{
	char *lab = make_lab(ACCOUNT("+="), "/* fails finishes: no */\n" ACCOUNT("+="));
	struct ran ran = run_selftest(lab, "wrong-*");

	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.output, "it does not fail the criterion that it names");
	ran_release(&ran);
	free(lab);
}
END_TEST

START_TEST(a_right_one_that_fails_is_reported)
{
	char *lab = make_lab(ACCOUNT("-="), "/* fails finishes: no */\n" ACCOUNT("-="));
	struct ran ran = run_selftest(lab, "right-*");

	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.output, "right-only");
	expect_holds(ran.output, "The lab is not as it should be.");
	ran_release(&ran);
	free(lab);
}
END_TEST

/* One whose exit code says that all is well has to return, in every stage. */
START_TEST(an_early_exit_is_seen_by_each_stage_alone)
{
	static const char *const stages[] = {"--stage=stress", "--stage=explore"};

	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		struct ran ran = run_interlock("selftest", "--no-mutants", stages[i],
			"--only=wrong-exits-at-once", "critical-section", NULL);
		ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
		ran_release(&ran);
	}
}
END_TEST

int main(void)
{
	char *folder = path_of("share/interlock/labs");
	Suite *suite = suite_create("labs");
	TCase *tcase = tcase_create("labs");

	lab_count = scandir(folder, &lab_entries, is_lab, alphasort);
	free(folder);
	tcase_add_unchecked_fixture(tcase, scratch_make, scratch_remove);
	tcase_set_timeout(tcase, LAB_HANG_SECONDS);
	add_short_test(tcase, a_wrong_one_that_passes_is_reported, 0, 1);
	add_short_test(tcase, a_right_one_that_fails_is_reported, 0, 1);
	add_short_test(tcase, an_early_exit_is_seen_by_each_stage_alone, 0, 1);
	add_short_test(tcase, a_lab_grades_a_sample_right, 0, 1);
	add_short_test(tcase, the_labs_solution_gets_full_marks, 0, lab_count);
	add_long_test(tcase, the_lab_grades_all_right, 0, lab_count);
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
