/* SPDX-License-Identifier: MIT */
/* Mutants by the functions that make them; whole tests of labs by the real program. */
#include "run.h"
#include "tiny.h"

#include "base/buffer.h"
#include "score/result.h"
#include "selftest/difference.h"
#include "selftest/mutants.h"

static struct mutants mutants_of(const char *body)
{
	struct mutants mutants = {0};
	char *solution = text_format("void work(struct job *job, int n)\n{\n"
				     "\t/* BEGIN SOLUTION */\n%s"
				     "\t/* END SOLUTION */\n}\n",
		body);

	mutants_make(&mutants, "a.c", solution);
	free(solution);
	return mutants;
}

/* Some mutant with this mistake has this in its difference. */
static void expect_mutant(
	const struct mutants *mutants, const char *mistake, const char *part)
{
	for (size_t i = 0; i < mutants->count; i++)
		if (strcmp(mutants->list[i].mistake, mistake) == 0 &&
			strstr(mutants->list[i].diff, part))
			return;
	for (size_t i = 0; i < mutants->count; i++)
		fprintf(stderr, "%s\n%s\n", mutants->list[i].mistake,
			mutants->list[i].diff);
	ck_abort_msg("no mutant '%s' with\n%s", mistake, part);
}

START_TEST(tokens_know_comments_strings_numbers_and_directives)
{
	struct tokens tokens;

	tokens_read(&tokens, "#define A \\\n x\nf(\"a\\\"b // \", 'c', 1.5e-3, 0x1F);"
			     " /* BEGIN SOLUTION */ a->b >>= c; // END SOLUTION\n d");
	static const char *const expected[] = {"f", "(", "\"a\\\"b // \"", ",", "'c'",
		",", "1.5e-3", ",", "0x1F", ")", ";", "a", "->", "b", ">>=", "c", ";",
		"d"};
	ck_assert_uint_eq(tokens.count, sizeof(expected) / sizeof(*expected));
	for (size_t i = 0; i < tokens.count; i++)
		ck_assert_msg(
			token_is(&tokens, i, expected[i]), "%zu: %s", i, expected[i]);
	ck_assert(!tokens.list[10].solution);
	ck_assert(tokens.list[11].solution);
	ck_assert(tokens.list[16].solution);
	ck_assert(!tokens.list[17].solution);
	ck_assert_int_eq(tokens.list[0].line, 3);
	ck_assert_int_eq(tokens.list[17].line, 4);
	tokens_release(&tokens);
}
END_TEST

START_TEST(nothing_outside_the_markers_is_changed)
{
	struct mutants mutants = {0};

	mutants_make(&mutants, "a.c",
		"void f(int n)\n{\n\tif (n < 3)\n\t\tmp_lock_acquire(n + 1);\n}\n");
	ck_assert_uint_eq(mutants.count, 0);
	mutants_release(&mutants);
}
END_TEST

START_TEST(a_lock_is_dropped_swapped_moved_and_another)
{
	struct mutants mutants = mutants_of("\tmp_lock_acquire(&job->a);\n"
					    "\tmp_lock_acquire(&job->b);\n"
					    "\tjob->n += n;\n"
					    "\tmp_lock_release(&job->b);\n"
					    "\tmp_lock_release(&job->a);\n");

	expect_mutant(&mutants, "call dropped",
		" \t/* BEGIN SOLUTION */\n-\tmp_lock_acquire(&job->a);\n "
		"\tmp_lock_acquire");
	expect_mutant(&mutants, "opposite call",
		"-\tmp_lock_release(&job->b);\n+\tmp_lock_acquire(&job->b);\n");
	expect_mutant(&mutants, "call moved",
		"-\tmp_lock_acquire(&job->b);\n-\tjob->n += n;\n"
		"+\tjob->n += n;\n+\tmp_lock_acquire(&job->b);\n");
	expect_mutant(&mutants, "call moved",
		"-\tjob->n += n;\n-\tmp_lock_release(&job->b);\n"
		"+\tmp_lock_release(&job->b);\n+\tjob->n += n;\n");
	expect_mutant(&mutants, "order turned",
		"-\tmp_lock_acquire(&job->a);\n-\tmp_lock_acquire(&job->b);\n"
		"+\tmp_lock_acquire(&job->b);\n+\tmp_lock_acquire(&job->a);\n");
	expect_mutant(&mutants, "other lock",
		"-\tmp_lock_acquire(&job->a);\n+\tmp_lock_acquire(&job->b);\n");
	expect_mutant(&mutants, "other lock", "+\tmp_lock_release(&private_lock);\n");
	expect_mutant(&mutants, "return early", "+\treturn;\n");
	expect_mutant(&mutants, "+ and -", "+\tjob->n -= n;\n");
	for (size_t i = 0; i < mutants.count; i++)
		for (size_t j = 0; j < i; j++)
			ck_assert_str_ne(mutants.list[i].text, mutants.list[j].text);
	mutants_release(&mutants);
}
END_TEST

START_TEST(conditions_loops_numbers_notifications_and_joins_are_changed)
{
	struct mutants mutants =
		mutants_of("\tfor (int i = 0; i < n; i++)\n"
			   "\t\tmp_process_join(&job->all[i - 1]);\n"
			   "\twhile (job->full && n >= 2)\n"
			   "\t\tmp_condition_wait(&job->room, &job->lock);\n"
			   "\tdo {\n\t\tn--;\n\t} while (n);\n"
			   "\tif (mp_lock_try_acquire(&job->lock) == MP_OK)\n"
			   "\t\tmp_condition_notify_all(&job->room, &job->lock);\n");

	expect_mutant(&mutants, "join dropped",
		"-\t\tmp_process_join(&job->all[i - 1]);\n+\t\t;\n");
	expect_mutant(&mutants, "comparison", "i <= n");
	expect_mutant(&mutants, "comparison", "n > 2");
	expect_mutant(&mutants, "condition turned", "!(i < n)");
	expect_mutant(&mutants, "condition turned", "while (!(job->full && n >= 2))");
	expect_mutant(&mutants, "condition turned", "job->full || n");
	expect_mutant(&mutants, "wait without a loop", "+\tif (job->full && n >= 2)");
	expect_mutant(&mutants, "wait without a loop", "+\t} while (0);");
	expect_mutant(&mutants, "off by one", "int i = 1");
	expect_mutant(&mutants, "off by one", "n >= 1");
	expect_mutant(&mutants, "+ and -", "i + 1");
	expect_mutant(&mutants, "+ and -", "i--");
	expect_mutant(&mutants, "call dropped", "+\tif (0 == MP_OK)");
	expect_mutant(&mutants, "notification dropped", "+\t\t;\n");
	expect_mutant(&mutants, "one notified in place of all",
		"+\t\tmp_condition_notify(&job->room, &job->lock, 1);");
	mutants_release(&mutants);
}
END_TEST

/* Runs a program made of a mutant's text; returns its exit code. */
static int run_text(const char *text)
{
	char *source = scratch_path("%d.c", (int)getpid());
	char *program = scratch_path("%d.program", (int)getpid());
	file_put(source, text);
	struct ran ran = run_program(
		(const char *const[]){"/usr/bin/gcc", "-w", "-o", program, source, NULL});

	ck_assert_msg(ran.code == 0, "%s\n%s", text, ran.errors);
	ran_release(&ran);
	ran = run_program((const char *const[]){program, NULL});
	int code = ran.code;
	ran_release(&ran);
	free(program);
	free(source);
	return code;
}

START_TEST(atomics_made_plain_do_the_same_when_nobody_is_in_between)
{
	struct mutants mutants = {0};

	mutants_make(&mutants, "a.c",
		"#include <stdatomic.h>\n#include <stdbool.h>\n"
		"static atomic_long P;\nstatic atomic_bool flag;\n"
		"static const TTest *const *const tests[] = {
	&tokens_know_comments_strings_numbers_and_directives,
	&nothing_outside_the_markers_is_changed,
	&a_lock_is_dropped_swapped_moved_and_another,
	&conditions_loops_numbers_notifications_and_joins_are_changed,
	&atomics_made_plain_do_the_same_when_nobody_is_in_between,
	&text_that_is_no_c_is_read_without_harm,
	&a_difference_is_the_same_whatever_the_white_space,
	&a_lab_that_grades_right_passes,
	&what_is_not_as_it_should_be_is_told,
	&the_table_goes_into_the_readme,
	&a_skeleton_with_a_warning_is_told,
	&a_survivor_is_listed_until_it_is_marked,
	&a_mark_on_a_mutant_that_is_the_same_code_is_kept,
	&a_mark_on_a_mutant_that_is_caught_is_told,
	&a_command_line_that_means_nothing_is_refused,
	&a_new_lab_passes_its_selftest,
};

static void add_tests(TCase *tcase)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		add_short_test(tcase, *tests[i], 0, 1);
	add_long_test(tcase, the_way_to_a_lab_of_ones_own_leads_there, 0, 1);
}

int main(void)
{
	/* Some grade dozens of submissions, and the machine may be busy. */
	suite_hang_seconds = 1800;
	return suite_run_case("selftest", add_tests, scratch_make, scratch_remove);
}
