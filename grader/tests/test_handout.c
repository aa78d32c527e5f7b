/* SPDX-License-Identifier: MIT */
/* By the real program, as an instructor makes handouts and a student uses them. */
#include "run.h"
#include "tiny.h"

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

static struct ran hand_out(const char *lab, const char *name)
{
	char *target = scratch_path("%s", name);
	struct ran ran = run_interlock("handout", lab, "-o", target, NULL);

	free(target);
	return ran;
}

#define RIGHT "#include \"work.h\"\nlong work(long n) { return 2 * n; }\n"
#define WRONG_FOR_ZERO                                                                   \
	"#include \"work.h\"\nlong work(long n) { return n ? 2 * n : 7; }\n"

/* The instructor's lab judges it by its own checks; the handout does not know of it, and what
 * needs it is judged there after what it needs itself. */
START_TEST(hidden_criteria_are_judged_and_not_handed_out)
{
	char *lab = tiny_hiding_lab("hiding");
	char *wrong = tiny_submission("wrong-for-zero", WRONG_FOR_ZERO);
	char *right = tiny_submission("right-for-zero", RIGHT);
	char *out = scratch_path("hidden-reports");
	char *folder = scratch_path("hidden-out");
	char *work = scratch_path("hidden-out/work.c");
	char *yaml = scratch_path("hidden-out/lab.yaml");
	struct ran ran = run_interlock("grade", lab, wrong, right, "-o", out, NULL);

	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.output, "Nought stays");
	expect_holds(ran.output, "Twice 0 is 7; it should be 0");
	expect_holds(ran.output, "Not judged: it needs a hidden criterion");
	expect_holds(ran.output, "15 of 15 points");
	ran_release(&ran);
	ran = hand_out(lab, "hidden-out");
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	ran = run_program((const char *const[]){"/bin/grep", "-rniE",
		"zero_stays|secretly|hidden: true|nought|hidden_", folder, NULL});
	ck_assert_msg(ran.code == 1, "%s", ran.output);
	ran_release(&ran);
	char *text = file_get(yaml);
	expect_holds(text, "compiles");
	file_put(work, WRONG_FOR_ZERO);
	ran = run_interlock("check", folder, NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, "10 of 10 points");
	ran_release(&ran);
	free(text);
	free(yaml);
	free(work);
	free(folder);
	free(out);
	free(right);
	free(wrong);
	free(lab);
}
END_TEST

/* The needs of a public criterion, through two hidden ones. */
START_TEST(what_needs_a_hidden_criterion_needs_what_that_one_needs)
{
	char *lab = tiny_hiding_lab("chain");
	char *yaml = scratch_path("chain-out/lab.yaml");

	tiny_replace(lab, "lab.yaml", "  - {name: doubles",
		"  - {name: second_secret, title: Hush, points: 1, stages: [stress], "
		"hidden: true, needs: [zero_stays, compiles]}\n"
		"  - {name: doubles");
	tiny_replace(lab, "lab.yaml", "needs: [zero_stays], hint",
		"needs: [second_secret, compiles], hint");
	struct ran ran = hand_out(lab, "chain-out");
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	char *text = file_get(yaml);
	char *needs = strstr(text, "needs:");
	ck_assert_ptr_nonnull(needs);
	expect_holds(needs, "- compiles");
	ck_assert_msg(!strstr(strstr(needs, "- compiles") + 1, "- compiles"), "%s", text);
	expect_lacks(text, "second_secret");
	ran_release(&ran);
	free(text);
	free(yaml);
	free(lab);
}
END_TEST

/* Where in a lab an answer may have been left, and what is said of it. */
static const struct leak {
	const char *file;
	const char *text;
	const char *told;
} leaks[] = {
	{"README.md", "Hint:\n\n   return  2 * input;\n",
		"README.md:3 has the text of solution/work.c:5"},
	{"include/more.h", "/* BEGIN SOLUTION */\n", "include/more.h:1"},
	{"checks/notes/a.txt",
		"\tlong half = n;\n\n\thalf += n;\n\t{\n\tlong whole = half;\n\treturn "
		"whole;\n",
		"a.txt:1 has the text of right/adds/work.c:4"},
	{"include/old.h", "long whole = half + 1;\nwork_wrongly(n);\nlong whole = 3;\n",
		"old.h:1 has the text of wrong/off/work.c:2"},
	{"README.md", "It is graded that nought stays: zero_stays.\n",
		"a hidden criterion: README.md:1"},
	{"README.md", "Nought stays\n", "a hidden criterion: README.md:1"},
	{"checks/old.c",
		"{\n while (play_next_run()) {\n"
		" struct task *task = play_shared(sizeof(*task));\n"
		" task->output = 1;\n play_start(\"secretly\", task);\n play_run();\n"
		" play_expect_equal(task->output, 0, \"twice 0\");\n",
		"checks/old.c:2 has the text of checks/hidden.c:5"},
	{"checks/work2.h", "#include \"hidden_work.h\"\n", "checks/work2.h:1"},
	{"README.md", "Text.\n<!-- interlock: selftest\n", ""},
};

START_TEST(an_answer_in_a_handout_is_found_wherever_it_was_put)
{
	const struct leak *leak = &leaks[_i];
	char name[16], sound[16], leaked[16];
	snprintf(name, sizeof(name), "leaking-%d", _i);
	snprintf(sound, sizeof(sound), "sound-%d", _i);
	snprintf(leaked, sizeof(leaked), "leaked-%d", _i);
	char *lab = tiny_hiding_lab(name);
	char *path = path_join(lab, leak->file);
	char *adds = path_join(lab, "right/adds/work.c");
	char *off = path_join(lab, "wrong/off/work.c");

	file_put(adds, "#include \"work.h\"\nlong work(long n)\n{\n\tlong half = n;\n"
		       "\thalf += n;\n\tlong whole = half;\n\treturn whole;\n}\n");
	file_put(off, "/* fails doubles */\nlong whole = half + 1;\nwork_wrongly(n);\n"
		      "long whole = 3;\n");
	struct ran ran = hand_out(lab, sound);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	file_put(path, leak->text);
	ran = hand_out(lab, leaked);
	ck_assert_int_eq(ran.code, *leak->told ? 2 : 0);
	expect_holds(ran.errors, leak->told);
	char *target = scratch_path("%s", leaked);
	ck_assert(path_is_folder(target) == !*leak->told);
	ran_release(&ran);
	free(target);
	free(off);
	free(adds);
	free(path);
	free(lab);
}
END_TEST

/* Of all labs that there are, none has its answers in what it hands out. */
START_TEST(every_lab_can_be_handed_out)
{
	char *labs = path_of("share/interlock/labs");
	DIR *folder = opendir(labs);
	struct dirent *entry = NULL;
	int handouts = 0;

	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder))) {
		char *yaml = text_format("%s/%s/lab.yaml", labs, entry->d_name);
		if (path_is_file(yaml)) {
			char *name = text_format("every-%s", entry->d_name);
			struct ran ran = hand_out(entry->d_name, name);
			ck_assert_msg(ran.code == 0, "%s: %s", entry->d_name, ran.errors);
			ran_release(&ran);
			free(name);
			handouts++;
		}
		free(yaml);
	}
	closedir(folder);
	ck_assert_int_ge(handouts, 10);
	free(labs);
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

static void add_tests(TCase *tcase)
{
	tcase_add_test(tcase,
		a_handout_has_all_that_a_student_needs_and_nothing_of_the_solution);
	tcase_add_test(
		tcase, make_check_fails_with_the_skeleton_and_passes_with_the_solution);
	tcase_add_test(tcase, a_folder_may_be_named_with_a_slash);
	tcase_add_test(tcase, the_folders_above_are_made);
	tcase_add_test(tcase, a_handout_may_be_an_archive);
	tcase_add_test(tcase, what_is_there_already_stays);
	tcase_add_test(tcase, a_handout_that_fails_leaves_nothing);
	tcase_add_test(tcase, a_readme_loses_its_sections_and_nothing_else);
	tcase_add_test(tcase, hidden_criteria_are_judged_and_not_handed_out);
	tcase_add_test(tcase, what_needs_a_hidden_criterion_needs_what_that_one_needs);
	tcase_add_loop_test(tcase, an_answer_in_a_handout_is_found_wherever_it_was_put, 0,
		sizeof(leaks) / sizeof(leaks[0]));
	tcase_add_test(tcase, every_lab_can_be_handed_out);
	tcase_add_test(tcase, the_students_template_is_in_step_with_the_labs);
}

int main(void)
{
	return suite_run_case("handout", add_tests, scratch_make, scratch_remove);
}
