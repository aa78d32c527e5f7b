/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "lab/lab.h"

#define HEAD                                                                             \
	"name: sample\n"                                                                 \
	"title: A sample\n"                                                              \
	"files: [a.c]\n"                                                                 \
	"interface: [a]\n"
#define CRITERIA                                                                         \
	"criteria:\n"                                                                    \
	"  - {name: compiles, title: It compiles, points: 5, stages: [build]}\n"         \
	"  - {name: open, title: It works, points: 10, stages: [stress], needs: "        \
	"[compiles]}\n"                                                                  \
	"  - {name: secret, title: It works well, points: 20, stages: [stress], "        \
	"needs: [open], hidden: true, hint: Think.}\n"

/* The lab with this lab.yaml, or NULL; the folder's name is the number of the call. */
static struct lab *open_yaml(const char *yaml, struct error *error)
{
	static int number;
	char *folder = scratch_path("lab-%d-%d", (int)getpid(), number++);
	char *path = path_join(folder, "lab.yaml");

	file_put(path, yaml);
	struct lab *lab = lab_open(folder, error);
	free(path);
	free(folder);
	return lab;
}

static void expect_refused(const char *yaml, const char *part, const char *also)
{
	struct error error = {""};
	struct lab *lab = open_yaml(yaml, &error);

	ck_assert_msg(!lab, "accepted:\n%s", yaml);
	expect_holds(error.message, "lab.yaml");
	expect_holds(error.message, part);
	expect_holds(error.message, also);
}

START_TEST(a_whole_description_is_read)
{
	struct error error = {""};
	struct lab *lab = open_yaml(HEAD
		"forbidden: [sem_wait, sem_post]\n"
		"skeleton_points: 6\n"
		"stress: {runs: 7}\nexplore: {executions: 8, steps: 88}\nhelgrind: "
		"{runs: 9}\n"
		"limits: {cpu_seconds: 1, processes: 2, memory_mb: 3, output_kb: 4, "
		"file_kb: 5}\n" CRITERIA,
		&error);

	ck_assert_msg(lab != NULL, "%s", error.message);
	ck_assert_str_eq(lab->name, "sample");
	ck_assert_uint_eq(lab->forbidden_count, 2);
	ck_assert_str_eq(lab->forbidden[1], "sem_post");
	ck_assert_int_eq(lab->skeleton_points, 6);
	ck_assert_int_eq(lab->stress.runs, 7);
	ck_assert_int_eq(lab->explore.executions, 8);
	ck_assert_int_eq(lab->explore.steps, 88);
	ck_assert_int_eq(lab->helgrind.runs, 9);
	ck_assert_int_eq(lab->limits.file_kb, 5);
	ck_assert_uint_eq(lab->criteria_count, 3);
	ck_assert(!lab->criteria[1].hidden);
	ck_assert(lab->criteria[2].hidden);
	ck_assert_str_eq(lab->criteria[2].needs[0], "open");
	ck_assert_str_eq(lab->criteria[2].hint, "Think.");
	ck_assert_int_eq(lab_find_criterion(lab, "secret"), 2);
	ck_assert_int_eq(lab_find_criterion(lab, "none"), -1);
	lab_close(lab);
}
END_TEST

START_TEST(what_may_be_left_out_has_a_default)
{
	struct error error = {""};
	struct lab *lab = open_yaml(HEAD CRITERIA, &error);

	ck_assert_msg(lab != NULL, "%s", error.message);
	ck_assert_int_gt(lab->stress.runs, 0);
	ck_assert_int_gt(lab->explore.executions, 0);
	ck_assert_int_gt(lab->explore.steps, 0);
	ck_assert_int_gt(lab->helgrind.runs, 0);
	ck_assert_int_gt(lab->limits.cpu_seconds, 0);
	ck_assert_int_gt(lab->limits.processes, 0);
	ck_assert_int_gt(lab->limits.memory_mb, 0);
	ck_assert_int_gt(lab->limits.output_kb, 0);
	ck_assert_int_gt(lab->limits.file_kb, 0);
	lab_close(lab);
}
END_TEST

START_TEST(an_unknown_key_is_named_with_its_line)
{
	expect_refused(HEAD "colour: red\n" CRITERIA, "colour", "line: 5");
	expect_refused(
		HEAD "limits: {cpu_second: 3}\n" CRITERIA, "cpu_second", "line: 5");
	expect_refused(HEAD "criteria:\n  - name: a\n    title: A\n    points: 1\n"
			    "    stages: [build]\n    weight: 3\n",
		"weight", "line: 10");
}
END_TEST

START_TEST(a_missing_key_is_named)
{
	expect_refused(
		"title: A\nfiles: [a.c]\ninterface: [a]\n" CRITERIA, "name", "line");
	expect_refused(
		"name: a\nfiles: [a.c]\ninterface: [a]\n" CRITERIA, "title", "line");
	expect_refused("name: a\ntitle: A\ninterface: [a]\n" CRITERIA, "files", "line");
	expect_refused("name: a\ntitle: A\nfiles: [a.c]\n" CRITERIA, "interface", "line");
	expect_refused(HEAD, "criteria", "line");
	expect_refused(HEAD "criteria:\n  - {name: a, points: 3, stages: [build]}\n",
		"title", "line: 6");
	expect_refused(HEAD "criteria:\n  - {name: a, title: A, stages: [build]}\n",
		"points", "line: 6");
	expect_refused(HEAD "criteria:\n  - {name: a, title: A, points: 3}\n", "stages",
		"line: 6");
	expect_refused(HEAD "stress: {}\n" CRITERIA, "runs", "line: 5");
}
END_TEST

START_TEST(a_value_of_the_wrong_type_is_named_with_its_line)
{
	expect_refused(HEAD "stress: {runs: many}\n" CRITERIA, "runs", "line: 5");
	expect_refused(HEAD "stress: 5\n" CRITERIA, "stress", "line: 5");
	expect_refused("name: a\ntitle: A\nfiles: a.c\ninterface: [a]\n" CRITERIA,
		"files", "line: 3");
	expect_refused("name: [a]\ntitle: A\nfiles: [a.c]\ninterface: [a]\n" CRITERIA,
		"name", "line: 1");
	expect_refused(HEAD "criteria: []\n", "criteria", "line: 5");
	expect_refused(HEAD
		"criteria:\n  - {name: a, title: A, points: 1, stages: [run]}\n",
		"stages", "line: 6");
	/* A stage that judges nothing would leave its criterion unjudged for ever. */
	expect_refused(HEAD
		"criteria:\n  - {name: a, title: A, points: 1, stages: [sanitizers]}\n",
		"stages", "line: 6");
	expect_refused(HEAD "criteria:\n  - {name: a, title: A, points: 1, stages: []}\n",
		"stages", "line: 6");
	expect_refused("- a\n- b\n", "MAPPING", "SEQUENCE");
}
END_TEST

START_TEST(text_that_is_no_yaml_is_an_error_with_its_line)
{
	expect_refused("name: {\n\n", "lab.yaml", "line");
	expect_refused("", "lab.yaml", "lab.yaml");
	expect_refused("name: \"a\nb: c: d\n", "lab.yaml", "line");
	expect_refused("\x01\x02\xff\xfe", "lab.yaml", "lab.yaml");
}
END_TEST

START_TEST(numbers_out_of_range_say_what_to_write)
{
	expect_refused(HEAD "stress: {runs: -1}\n" CRITERIA, "stress.runs", "from 1 to");
	expect_refused(HEAD "stress: {runs: 0}\n" CRITERIA, "stress.runs", "from 1 to");
	expect_refused(HEAD "stress: {runs: 100001}\n" CRITERIA, "stress.runs",
		"from 1 to 100000");
	expect_refused(HEAD "stress: {runs: 99999999999999999999}\n" CRITERIA, "runs",
		"line: 5");
	expect_refused(HEAD "limits: {processes: 0}\n" CRITERIA, "limits.processes",
		"from 1 to");
	expect_refused(HEAD "limits: {memory_mb: 1000000}\n" CRITERIA, "limits.memory_mb",
		"from 1 to");
	expect_refused(HEAD "criteria:\n  - {name: a, title: A, points: -1, stages: "
			    "[build]}\n",
		"'a'", "write 0 to 1000");
}
END_TEST

START_TEST(needs_name_an_earlier_criterion)
{
	expect_refused(HEAD "criteria:\n"
			    "  - {name: a, title: A, points: 1, stages: [build], needs: "
			    "[b]}\n"
			    "  - {name: b, title: B, points: 1, stages: [build]}\n",
		"'a' needs 'b'", "above it");
	expect_refused(HEAD "criteria:\n"
			    "  - {name: a, title: A, points: 1, stages: [build], needs: "
			    "[a]}\n",
		"'a' needs 'a'", "above it");
	expect_refused(HEAD "criteria:\n"
			    "  - {name: a, title: A, points: 1, stages: [build], needs: "
			    "[nobody]}\n",
		"'a' needs 'nobody'", "above it");
}
END_TEST

START_TEST(names_are_unique_and_plain)
{
	expect_refused(HEAD "criteria:\n"
			    "  - {name: a, title: A, points: 1, stages: [build]}\n"
			    "  - {name: a, title: B, points: 1, stages: [build]}\n",
		"two criteria", "'a'");
	expect_refused(HEAD "criteria:\n  - {name: A-b, title: A, points: 1, stages: "
			    "[build]}\n",
		"A-b", "use only");
	expect_refused("name: a\ntitle: A\nfiles: [../a.c]\ninterface: [a]\n" CRITERIA,
		"../a.c", "plain names");
	expect_refused("name: a\ntitle: A\nfiles: [.hidden.c]\ninterface: [a]\n" CRITERIA,
		".hidden.c", "plain names");
	expect_refused(
		"name: a\ntitle: A\nfiles: [a.c, b.c, a.c]\ninterface: [a]\n" CRITERIA,
		"a.c", "twice");
	expect_refused("name: a/b\ntitle: A\nfiles: [a.c]\ninterface: [a]\n" CRITERIA,
		"a/b", "use only");
	expect_refused("name: a\ntitle: A\nfiles: [a.c]\ninterface: [a b]\n" CRITERIA,
		"a b", "use only");
	expect_refused("name: a\ntitle: A\nfiles: [a.c]\ninterface: [\"a=b\"]\n" CRITERIA,
		"a=b", "use only");
}
END_TEST

START_TEST(a_key_twice_is_an_error)
{
	expect_refused(HEAD "name: other\n" CRITERIA, "name", "line");
	expect_refused(
		HEAD "stress: {runs: 1}\nstress: {runs: 2}\n" CRITERIA, "stress", "line");
}
END_TEST

START_TEST(a_lab_that_is_not_there_is_an_error_that_says_where_it_was_sought)
{
	struct error error = {""};
	char *empty = scratch_path("empty-lab");

	ck_assert_ptr_null(lab_open("no-such-lab", &error));
	expect_holds(error.message, "no-such-lab");
	expect_holds(error.message, "share/interlock/labs");
	ck_assert_ptr_null(lab_open("../../etc", &error));
	ck_assert_int_eq(folder_make(empty, &error), 0);
	ck_assert_ptr_null(lab_open(empty, &error));
	expect_holds(error.message, "lab.yaml");
	ck_assert_ptr_null(lab_open("", &error));
	free(empty);
}
END_TEST

START_TEST(known_labs_are_found_by_name)
{
	struct error error = {""};
	struct lab *lab = lab_open("critical-section", &error);

	ck_assert_msg(lab != NULL, "%s", error.message);
	ck_assert_str_eq(lab->name, "critical-section");
	ck_assert_int_eq(lab->folder[0], '/');
	lab_close(lab);
	lab_close(NULL);
}
END_TEST

START_TEST(only_one_criterion_and_its_needs_can_be_kept)
{
	struct error error = {""};
	struct lab *lab = open_yaml(HEAD CRITERIA, &error);

	ck_assert_ptr_nonnull(lab);
	ck_assert_int_eq(lab_keep_only(lab, "nothing", &error), -1);
	expect_holds(error.message, "compiles open secret");
	ck_assert_int_eq(lab_keep_only(lab, "open", &error), 0);
	ck_assert_uint_eq(lab->criteria_count, 2);
	ck_assert_str_eq(lab->criteria[0].name, "compiles");
	ck_assert_str_eq(lab->criteria[1].name, "open");
	lab_close(lab);
}
END_TEST

START_TEST(the_public_description_has_no_hidden_criterion_and_is_valid)
{
	struct error error = {""};
	struct lab *lab = open_yaml(
		HEAD "stress: {runs: 7}\nlimits: {memory_mb: 77}\n" CRITERIA, &error);
	char *path = scratch_path("public/lab.yaml");
	char *folder = scratch_path("public");

	ck_assert_ptr_nonnull(lab);
	file_put(path, "");
	ck_assert_msg(lab_write_public(lab, path, &error) == 0, "%s", error.message);
	char *text = file_get(path);
	expect_lacks(text, "secret");
	expect_lacks(text, "It works well");
	struct lab *public = lab_open(folder, &error);
	ck_assert_msg(public != NULL, "%s\n%s", error.message, text);
	ck_assert_uint_eq(public->criteria_count, 2);
	ck_assert_int_eq(public->stress.runs, 7);
	ck_assert_int_eq(public->limits.memory_mb, 77);
	ck_assert_str_eq(public->criteria[1].needs[0], "compiles");
	ck_assert_uint_eq(lab->criteria_count, 3);
	lab_close(public);
	lab_close(lab);
	free(text);
	free(folder);
	free(path);
}
END_TEST

START_TEST(one_stage_can_be_made_to_decide_alone)
{
	struct error error = {""};
	struct lab *lab =
		open_yaml(HEAD "criteria:\n"
			       "  - {name: a, title: A, points: 1, stages: [build]}\n"
			       "  - {name: b, title: B, points: 1, stages: [stress, "
			       "explore, helgrind]}\n"
			       "  - {name: c, title: C, points: 1, stages: [stress]}\n",
			&error);

	ck_assert_msg(lab != NULL, "%s", error.message);
	ck_assert_uint_eq(lab_keep_stage(lab, STAGE_EXPLORE), 1);
	ck_assert_int_eq(lab->criteria[0].stages[0], STAGE_BUILD);
	ck_assert_uint_eq(lab->criteria[1].stages_count, 1);
	ck_assert_int_eq(lab->criteria[1].stages[0], STAGE_EXPLORE);
	ck_assert_int_eq(lab->criteria[2].stages[0], STAGE_STRESS);
	ck_assert_uint_eq(lab_keep_stage(lab, STAGE_HELGRIND), 0);
	ck_assert_uint_eq(lab->criteria[1].stages_count, 1);
	lab_close(lab);
}
END_TEST

START_TEST(what_a_stage_does_not_decide_can_be_left_out)
{
	struct error error;
	struct lab *lab =
		open_yaml(HEAD "criteria:\n"
			       "  - {name: a, title: A, points: 1, stages: [build]}\n"
			       "  - {name: b, title: B, points: 1, stages: [stress], "
			       "needs: [a]}\n"
			       "  - {name: c, title: C, points: 1, stages: [stress, "
			       "explore], needs: [b, a]}\n",
			&error);

	ck_assert_msg(lab != NULL, "%s", error.message);
	ck_assert_int_eq(lab_keep_only_stage(lab, STAGE_HELGRIND, &error), -1);
	expect_holds(error.message, "helgrind decides no criterion");
	ck_assert_int_eq(lab_keep_only_stage(lab, STAGE_EXPLORE, &error), 0);
	ck_assert_uint_eq(lab->criteria_count, 2);
	ck_assert_str_eq(lab->criteria[1].name, "c");
	ck_assert_uint_eq(lab->criteria[1].stages_count, 1);
	ck_assert_uint_eq(lab->criteria[1].needs_count, 1);
	ck_assert_str_eq(lab->criteria[1].needs[0], "a");
	lab_close(lab);
}
END_TEST

static const TTest *const *const tests[] = {
	&what_a_stage_does_not_decide_can_be_left_out,
	&one_stage_can_be_made_to_decide_alone,
	&a_whole_description_is_read,
	&what_may_be_left_out_has_a_default,
	&an_unknown_key_is_named_with_its_line,
	&a_missing_key_is_named,
	&a_value_of_the_wrong_type_is_named_with_its_line,
	&text_that_is_no_yaml_is_an_error_with_its_line,
	&numbers_out_of_range_say_what_to_write,
	&needs_name_an_earlier_criterion,
	&names_are_unique_and_plain,
	&a_key_twice_is_an_error,
	&a_lab_that_is_not_there_is_an_error_that_says_where_it_was_sought,
	&known_labs_are_found_by_name,
	&only_one_criterion_and_its_needs_can_be_kept,
	&the_public_description_has_no_hidden_criterion_and_is_valid,
};
SUITE_MAIN("lab", tests)
