/* SPDX-License-Identifier: MIT */
/* By the real program, as an instructor makes handouts and a student uses them. */
#include "run.h"

#include "base/file.h"
#include "lab/handout.h"
#include "lab/readme.h"

#include <dirent.h>

START_TEST(a_handout_has_all_that_a_student_needs_and_nothing_of_the_solution)
{
	static const char *const wanted[] = {"lab.yaml", "README.md", "Makefile",
		"account.c", "include/account.h", "checks/checks.c", "checks/player.c"};
	static const char *const unwanted[] = {"solution", "wrong", "right"};
	char *folder = scratch_path("all");
	struct ran ran = run_interlock("handout", "critical-section", "-o", folder, NULL);

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		char *path = path_join(folder, wanted[i]);
		ck_assert_msg(path_is_file(path), "%s", path);
		free(path);
	}
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++) {
		char *path = path_join(folder, unwanted[i]);
		ck_assert_msg(access(path, F_OK) != 0, "%s", path);
		free(path);
	}
	char *path = path_join(folder, "account.c");
	char *text = file_get(path);
	expect_holds(text, "Your code here");
	free(text);
	free(path);
	ran_release(&ran);
	free(folder);
}
END_TEST

/* make check in the handout, with the program under test. */
static struct ran make_check(const char *folder)
{
	char *interlock = path_of("interlock");
	char *variable = text_format("INTERLOCK=%s", interlock);
	const char *const argv[] = {
		"/usr/bin/make", "-s", "-C", folder, "check", variable, NULL};
	struct ran ran = run_program(argv);

	free(variable);
	free(interlock);
	return ran;
}

START_TEST(make_check_fails_with_the_skeleton_and_passes_with_the_solution)
{
	char *folder = scratch_path("desk");
	char *file = scratch_path("desk/account.c");
	char *solution =
		path_of("share/interlock/labs/critical-section/solution/account.c");
	struct ran ran = run_interlock("handout", "critical-section", "-o", folder, NULL);

	ck_assert_int_eq(ran.code, 0);
	ran_release(&ran);
	ran = make_check(folder);
	ck_assert_int_eq(ran.code, 2); /* make's, of a command that failed */
	expect_holds(ran.output, "counts_right_alone");
	expect_lacks(ran.output, "warning");
	ran_release(&ran);
	char *text = file_get(solution);
	file_put(file, text);
	ran = make_check(folder);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, "every criterion was passed");
	ran_release(&ran);
	free(text);
	free(solution);
	free(file);
	free(folder);
}
END_TEST

START_TEST(a_folder_may_be_named_with_a_slash)
{
	char *folder = scratch_path("slash/");
	struct ran ran = run_interlock("handout", "race", "-o", folder, NULL);

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ck_assert(path_is_folder(folder));
	ran_release(&ran);
	free(folder);
}
END_TEST

START_TEST(the_folders_above_are_made)
{
	char *folder = scratch_path("course/week-1/race");
	struct ran ran = run_interlock("handout", "race", "-o", folder, NULL);

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ck_assert(path_is_folder(folder));
	ran_release(&ran);
	free(folder);
}
END_TEST

/* What is unpacked is what the folder would have been. */
START_TEST(a_handout_may_be_an_archive)
{
	char *archive = scratch_path("archives/1/race-lab.tar.gz");
	char *folder = scratch_path("race-lab");
	char *parent = scratch_path("archives/1");
	char *unpacked = scratch_path("archives/1/race-lab");
	struct ran ran = run_interlock("handout", "race", "-o", archive, NULL);

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	ran = run_interlock("handout", "race", "-o", folder, NULL);
	ck_assert_int_eq(ran.code, 0);
	ran_release(&ran);
	ran = run_program(
		(const char *const[]){"/bin/tar", "-xzf", archive, "-C", parent, NULL});
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	ran = run_program(
		(const char *const[]){"/usr/bin/diff", "-r", folder, unpacked, NULL});
	ck_assert_msg(ran.code == 0, "%s", ran.output);
	ran_release(&ran);
	ran = run_interlock("handout", "race", "-o", archive, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "is there already");
	ran_release(&ran);
	free(unpacked);
	free(parent);
	free(folder);
	free(archive);
}
END_TEST

START_TEST(what_is_there_already_stays)
{
	char *folder = scratch_path("there");
	char *file = scratch_path("there/mine.c");

	file_put(file, "mine");
	struct ran ran = run_interlock("handout", "critical-section", "-o", folder, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "is there already");
	ran_release(&ran);
	ran = run_interlock("handout", "critical-section", "-o", file, NULL);
	ck_assert_int_eq(ran.code, 2);
	char *text = file_get(file);
	ck_assert_str_eq(text, "mine");
	ran_release(&ran);
	free(text);
	free(file);
	free(folder);
}
END_TEST

static void expect_empty(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry = NULL;

	while ((entry = readdir(folder)))
		ck_assert_msg(entry->d_name[0] == '.', "%s is left", entry->d_name);
	closedir(folder);
}

/* A lab whose second file has no markers: the handout fails after it has begun. */
START_TEST(a_handout_that_fails_leaves_nothing)
{
	struct error error = {""};
	char *yaml = scratch_path("bad/lab.yaml");
	char *place = scratch_path("place");
	char *target = scratch_path("place/handout");
	char *lab = scratch_path("bad");

	file_put(yaml, "name: bad\ntitle: Bad\nfiles: [a.c, b.c]\ninterface: [a]\n"
		       "criteria: [{name: a, title: A, points: 1, stages: [build]}]\n");
	static const char *const files[] = {"README.md", "include/a.h", "checks/checks.c",
		"checks/player.c", "solution/b.c"};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(lab, files[i]);
		file_put(path, "");
		free(path);
	}
	char *good = path_join(lab, "solution/a.c");
	file_put(good, "/* BEGIN SOLUTION */\n/* END SOLUTION */\n");
	ck_assert_int_eq(folder_make(place, &error), 0);
	struct ran ran = run_interlock("handout", lab, "-o", target, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "b.c:1");
	expect_empty(place);
	ran_release(&ran);
	ran = run_interlock("handout", lab, "-o", "/dev/null/at/all/x", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "/dev/null");
	ran_release(&ran);
	free(good);
	free(lab);
	free(target);
	free(place);
	free(yaml);
}
END_TEST

START_TEST(hidden_criteria_are_not_handed_out)
{
	struct error error = {""};
	char *source = path_of("share/interlock/labs/critical-section");
	char *lab = scratch_path("hiding");
	char *yaml = scratch_path("hiding/lab.yaml");
	char *target = scratch_path("hidden-out");
	char *public = scratch_path("hidden-out/lab.yaml");

	ck_assert_msg(folder_copy(source, lab, &error) == 0, "%s", error.message);
	char *text = file_get(yaml);
	char *more =
		text_format("%s  - {name: top_secret, title: Hush, points: 7, stages: "
			    "[stress], hidden: true}\n",
			text);
	file_put(yaml, more);
	struct ran ran = run_interlock("handout", lab, "-o", target, NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	char *handed = file_get(public);
	expect_lacks(handed, "top_secret");
	expect_lacks(handed, "Hush");
	expect_holds(handed, "no_update_is_lost");
	ran_release(&ran);
	free(handed);
	free(more);
	free(text);
	free(public);
	free(target);
	free(yaml);
	free(lab);
	free(source);
}
END_TEST

START_TEST(a_readme_loses_its_sections_and_nothing_else)
{
	char *one = readme_with_section("# A\n\nb\n", "T", "t\n");
	char *two = readme_with_section(one, "U", "u\n");
	char *again = readme_with_section(two, "T", "t2\n");

	ck_assert_str_eq(one, "# A\n\nb\n\n<!-- interlock: T -->\n## T\n\nt\n"
			      "<!-- interlock end -->\n");
	ck_assert_str_eq(again, "# A\n\nb\n\n<!-- interlock: T -->\n## T\n\nt2\n"
				"<!-- interlock end -->\n\n<!-- interlock: U -->\n"
				"## U\n\nu\n<!-- interlock end -->\n");
	char *bare = readme_without_sections(again);
	ck_assert_str_eq(bare, "# A\n\nb\n");
	free(bare);
	bare = readme_without_sections("a\n\n<!-- interlock: never ended\n\nb\n");
	ck_assert_str_eq(bare, "a\n");
	free(bare);
	bare = readme_without_sections("");
	ck_assert_str_eq(bare, "");
	free(bare);
	free(again);
	free(two);
	free(one);
}
END_TEST

/* The folder of each handout in the template is byte for byte what handout writes. */
START_TEST(the_students_template_is_in_step_with_the_labs)
{
	char *template = path_of("share/interlock/student-template");
	DIR *folder = opendir(template);
	struct dirent *entry = NULL;
	int handouts = 0;

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder))) {
		char *in_template = path_join(template, entry->d_name);
		char *yaml = path_join(in_template, "lab.yaml");
		if (path_is_file(yaml)) {
			char *fresh = scratch_path("step-%s", entry->d_name);
			struct ran ran = run_interlock(
				"handout", entry->d_name, "-o", fresh, NULL);
			ck_assert_msg(ran.code == 0, "%s", ran.errors);
			ran_release(&ran);
			ran = run_program((const char *const[]){
				"/usr/bin/diff", "-r", fresh, in_template, NULL});
			ck_assert_msg(ran.code == 0, "%sRun 'make student-template'.",
				ran.output);
			ran_release(&ran);
			free(fresh);
			handouts++;
		}
		free(yaml);
		free(in_template);
	}
	closedir(folder);
	ck_assert_int_gt(handouts, 0);
	free(template);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_handout_has_all_that_a_student_needs_and_nothing_of_the_solution,
	&make_check_fails_with_the_skeleton_and_passes_with_the_solution,
	&a_folder_may_be_named_with_a_slash,
	&the_folders_above_are_made,
	&a_handout_may_be_an_archive,
	&what_is_there_already_stays,
	&a_handout_that_fails_leaves_nothing,
	&a_readme_loses_its_sections_and_nothing_else,
	&hidden_criteria_are_not_handed_out,
	&the_students_template_is_in_step_with_the_labs,
};
SUITE_MAIN("handout", tests)
