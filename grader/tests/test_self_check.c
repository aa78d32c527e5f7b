/* SPDX-License-Identifier: MIT */
/*
 * An explorer that has gone blind grades nobody: the runtime that is linked into programs is
 * replaced, in a copy of the build tree, by one in which a part does nothing.
 */
#include "explore/control.h"
#include "run.h"

/* Copies the tree to `tree`, where its runtime's function $3 does only $4; $1 is the build
 * folder. One that must not return ends the execution, as if all had finished. */
static const char sabotage[] =
	"set -e; tree=$2; mkdir -p $tree/lib; cp $1/interlock $tree/\n"
	"ln -s $1/include $1/share $tree/; cp -r $1/lib/. $tree/lib/\n"
	"cd $tree/lib/interlock\n"
	"if [ -n \"$3\" ]; then\n"
	"	echo \"void execution_end(int); void $3(void); void $3(void) { $4 }\" > "
	"cut.c\n"
	"	gcc -c -fPIE -o cut.o cut.c\n"
	"	objcopy --globalize-symbol=$3 --globalize-symbol=execution_end explore.o "
	"global.o\n"
	"	objcopy --weaken-symbol=$3 global.o weak.o\n"
	"	ld -r -o explore.o weak.o cut.o\n"
	"fi\n";

static char *tree_without(const char *function, const char *instead)
{
	char *tree = scratch_path("tree%s", function);
	char *build = path_of("");
	const char *const argv[] = {
		"/bin/sh", "-c", sabotage, "sh", build, tree, function, instead, NULL};
	struct ran ran = run_program(argv);

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	free(build);
	return tree;
}

static struct ran grade_with(const char *tree)
{
	char *program = path_join(tree, "interlock");
	char *reports = path_join(tree, "reports");
	const char *const argv[] = {program, "grade", "-o", reports, "--only", "finishes",
		"labs/critical-section", "labs/critical-section/solution", NULL};
	struct ran ran = run_program(argv);

	free(reports);
	free(program);
	return ran;
}

static void expect_error(const char *function, const char *instead, const char *words)
{
	char *tree = tree_without(function, instead);
	struct ran ran = grade_with(tree);

	ck_assert_msg(ran.code == 2, "code %d: %s%s", ran.code, ran.output, ran.errors);
	expect_holds(ran.errors, words);
	expect_lacks(ran.output, "pass");
	ran_release(&ran);
	free(tree);
}

START_TEST(without_its_race_detector_nobody_is_graded)
{
	expect_error("race_check", "", "expected race, found nothing");
}
END_TEST

START_TEST(without_its_word_on_deadlocks_nobody_is_graded)
{
	char *instead = text_format("execution_end(%d);", ENDING_FINISHED);

	expect_error("report_deadlock", instead, "expected deadlock, found");
	free(instead);
}
END_TEST

START_TEST(the_copy_as_it_is_grades)
{
	char *tree = tree_without("", "");
	struct ran ran = grade_with(tree);

	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	ran_release(&ran);
	free(tree);
}
END_TEST

static const TTest *const *const tests[] = {
	&without_its_race_detector_nobody_is_graded,
	&without_its_word_on_deadlocks_nobody_is_graded,
	&the_copy_as_it_is_grades,
};
SUITE_MAIN("the explorer's check of itself", tests)
