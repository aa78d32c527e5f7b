/* SPDX-License-Identifier: MIT */
/* Mutants by the functions that make them; whole tests of labs by the real program. */
#include "guide.h"
#include "run.h"
#include "tiny.h"

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
		"int main(void)\n{\n\tlong V = 7;\n\tlong E = 3;\n\t/* BEGIN SOLUTION "
		"*/\n"
		"\tatomic_store(&P, V);\n"
		"\tif (atomic_fetch_add(&P, E) != 7)\n\t\treturn 1;\n"
		"\tif (__atomic_fetch_sub((long *)&P, 1, __ATOMIC_ACQUIRE) != 10)\n"
		"\t\treturn 2;\n"
		"\tif (atomic_exchange_explicit(&flag, true, memory_order_acquire))\n"
		"\t\treturn 3;\n"
		"\tV = 8;\n"
		"\tif (atomic_compare_exchange_strong(&P, &V, E) || V != 9)\n"
		"\t\treturn 4;\n"
		"\tif (!atomic_compare_exchange_weak(&P, &V, E) && V == 9)\n"
		"\t\treturn 0;\n"
		"\tif (atomic_load(&P) != 3 || !atomic_load(&flag))\n\t\treturn 5;\n"
		"\t/* END SOLUTION */\n\treturn 0;\n}\n");
	size_t plain = 0;
	for (size_t i = 0; i < mutants.count; i++)
		if (strcmp(mutants.list[i].mistake, "atomic made plain") == 0) {
			ck_assert_int_eq(run_text(mutants.list[i].text), 0);
			plain++;
		}
	ck_assert_uint_eq(plain, 8);
	mutants_release(&mutants);
}
END_TEST

/* As an editor leaves it half-written, up to each of its characters. */
START_TEST(text_that_is_no_c_is_read_without_harm)
{
	static const char text[] =
		"int f(void)\n{\n\t/* BEGIN SOLUTION */\n\tfor (int i = 0; i < 3; i++) "
		"{\n"
		"\t\tif (mp_lock_acquire(&a[i].lock, \"x\", 'y') == 0)\n\t\t\tb--;\n"
		"\t\telse\n\t\t\tdo { while (n - 0x1fL); } while (c && d);\n"
		"\t\tatomic_store_explicit(&e, (1, 2), 3);\n\t}\n"
		"\tmp_condition_notify_all(&c, &l);\n\tmp_lock_release(&a->lock);\n"
		"#define X \\\n\t/* END SOLUTION */\n}\n";

	for (size_t length = 0; length <= strlen(text); length++) {
		struct mutants mutants = {0};
		char *part = text_format("%.*s", (int)length, text);
		mutants_make(&mutants, "a.c", part);
		ck_assert(length < strlen(text) || mutants.count > 20);
		mutants_release(&mutants);
		mutants_make(&mutants, "a.c", text + length);
		mutants_release(&mutants);
		free(part);
	}
}
END_TEST

START_TEST(a_difference_is_the_same_whatever_the_white_space)
{
	char *diff = difference(
		"a.c", "f", "{\n\tx = 1;\n\ty = 2;\n}\n", "{\n\tx = 1;\n\ty = 3;\n}\n");

	ck_assert_str_eq(diff, "@@ a.c: f\n \tx = 1;\n-\ty = 2;\n+\ty = 3;\n }\n");
	ck_assert(difference_matches(
		diff, "@@ a.c:  f\n x = 1;\n-   y = 2;\n+y  = 3; \n }"));
	ck_assert(!difference_matches(diff, "@@ a.c: f\n x = 1;\n-y = 2;\n+y = 4;\n }"));
	ck_assert(!difference_matches(diff, "@@ a.c: f\n x = 1;\n-y = 2;\n }"));
	ck_assert(!difference_matches(diff, "@@ a.c: g\n x = 1;\n-y = 2;\n+y = 3;\n }"));
	ck_assert(!difference_matches(diff, "@@ a.c: f\n x = 1;\n-y=2;\n+y = 3;\n }"));
	free(diff);
}
END_TEST

/* A tiny lab whose skeleton gets what lab.yaml says, with a right and a wrong answer. */
static char *whole_lab(const char *name)
{
	char *lab = tiny_lab(name);
	char *right = text_format("%s/right/by-sum/work.c", lab);
	char *wrong = text_format("%s/wrong/thrice/work.c", lab);

	tiny_replace(lab, "lab.yaml", "stress:", "skeleton_points: 1\nstress:");
	tiny_replace(lab, "solution/work.c", "return 2 * input;",
		"return 2 * input;\n\t/* END SOLUTION */\n\t(void)input;\n"
		"\t/* BEGIN SOLUTION */\n\t/* END SOLUTION */\n\treturn 0;\n"
		"\t/* BEGIN SOLUTION */");
	file_put(
		right, "#include \"work.h\"\nlong work(long n)\n{\n\treturn n + n;\n}\n");
	file_put(wrong, "/* fails doubles: three times */\n#include \"work.h\"\n"
			"long work(long n)\n{\n\treturn 3 * n;\n}\n");
	free(wrong);
	free(right);
	return lab;
}

static void expect_selftest(const char *lab, int code, const char *part)
{
	struct ran ran = run_interlock("selftest", lab, NULL);

	ck_assert_msg(ran.code == code, "%d\n%s%s", ran.code, ran.output, ran.errors);
	expect_holds(code == 2 ? ran.errors : ran.output, part);
	ran_release(&ran);
}

START_TEST(a_lab_that_grades_right_passes)
{
	char *lab = whole_lab("good");

	expect_selftest(lab, 0, "The lab grades right.");
	free(lab);
}
END_TEST

static struct result *read_report(const char *reports, const char *grading)
{
	struct error error;
	char *path = text_format("%s/%s/result.json", reports, grading);
	struct result *result = result_read(path, &error);

	ck_assert_msg(result != NULL, "%s: %s", path, error.message);
	free(path);
	return result;
}

/* Each grading draws inputs of its own, and each leaves a report. */
static void expect_seeds_differ(const char *reports)
{
	struct result *first = read_report(reports, "solution");
	struct result *second = read_report(reports, "again-001-solution");
	struct result *third = read_report(reports, "again-002-solution");

	ck_assert_str_ne(first->seed, second->seed);
	ck_assert_str_ne(second->seed, third->seed);
	result_free(third);
	result_free(second);
	result_free(first);
}

START_TEST(what_is_not_as_it_should_be_is_told)
{
	char *lab = whole_lab("bad");
	char *more = text_format("%s/wrong/unnamed/work.c", lab);
	char *other = text_format("%s/wrong/other/work.c", lab);
	char *reports = path_join(lab, "reports");

	tiny_replace(lab, "lab.yaml", "skeleton_points: 1", "skeleton_points: 2");
	tiny_replace(lab, "right/by-sum/work.c", "n + n", "n + n + 1");
	tiny_replace(lab, "wrong/thrice/work.c", "3 * n", "2 * n");
	file_put(more, "#include \"work.h\"\nlong work(long n)\n{\n\treturn n;\n}\n");
	file_put(other, "/* fails compiles: it does not */\n#include \"work.h\"\n"
			"long work(long n)\n{\n\treturn n;\n}\n");
	struct ran ran = run_interlock("selftest", lab, "--no-mutants", NULL);
	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.output, "it gets 1; skeleton_points is 2");
	expect_holds(ran.output, "right-by-sum");
	expect_holds(ran.output, "it does not get full marks; doubles: fail");
	expect_holds(ran.output, "(graded as right-by-sum, seed ");
	expect_holds(ran.output, "it does not fail the criterion that it names");
	expect_holds(ran.output, "wrong-unnamed");
	expect_holds(ran.output, "/* fails CRITERION: why */");
	expect_holds(ran.output, "wrong-other");
	expect_holds(ran.output, "The lab is not as it should be.");
	expect_lacks(ran.output, "mutant-");
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "--only", "solution", "--repeat", "3", "-o",
		reports, NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, "3  of right answers, 0 of them");
	expect_lacks(ran.output, "mutants");
	ran_release(&ran);
	expect_seeds_differ(reports);
	free(reports);
	free(other);
	free(more);
	free(lab);
}
END_TEST

/* Once for each compiler and stage, and the same whoever runs it when. */
START_TEST(the_table_goes_into_the_readme)
{
	char *lab = whole_lab("told");
	char *path = path_join(lab, "README.md");
	char *folder = scratch_path("told-handout");

	file_put(path, "# Told\n\nText.\n");
	struct ran ran = run_interlock(
		"selftest", lab, "--write-readme", "--only", "solution", NULL);
	ck_assert_int_eq(ran.code, 2);
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "--write-readme", NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	ran_release(&ran);
	char *once = file_get(path);
	expect_holds(once, "# Told\n\nText.\n\n<!-- interlock: Selftest with gcc -->\n"
			   "## Selftest with gcc\n\n| graded |");
	expect_holds(
		once, "| wrong | 1 | 1 fail the criterion they name and no other |\n");
	expect_holds(once, "| `doubles` | 1 | thrice |\n");
	expect_holds(once, "| off by one | 2 | 2 | 0 | 0 |\n");
	ran = run_interlock("selftest", lab, "--write-readme", "--no-mutants", "--stage",
		"stress", NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "--write-readme", NULL);
	ck_assert_int_eq(ran.code, 0);
	ran_release(&ran);
	char *more = file_get(path);
	ck_assert_int_eq(strncmp(more, once, strlen(once)), 0);
	expect_holds(more, "## Selftest with gcc, stress alone\n");
	ran = run_interlock("handout", lab, "-o", folder, NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	char *read = path_join(folder, "README.md");
	char *handout = file_get(read);
	expect_holds(handout, "# Told\n\nText.\n");
	expect_lacks(handout, "Selftest");
	free(handout);
	free(read);
	free(more);
	free(once);
	free(folder);
	free(path);
	free(lab);
}
END_TEST

START_TEST(a_skeleton_with_a_warning_is_told)
{
	char *lab = whole_lab("warned");

	tiny_replace(lab, "solution/work.c", "\t(void)input;\n", "\tint unused;\n");
	struct ran ran = run_interlock("selftest", lab, "--only", "skeleton", NULL);
	ck_assert_int_eq(ran.code, 1);
	expect_holds(ran.output, "unused");
	ran_release(&ran);
	free(lab);
}
END_TEST

/* Inputs end at a million, so nobody can tell which side of two millions is meant. */
START_TEST(a_survivor_is_listed_until_it_is_marked)
{
	char *lab = whole_lab("surviving");
	char *out = scratch_path("surviving-out");
	char *survivors = path_join(out, "survivors.yaml");
	char *marks = path_join(lab, "equivalent-mutants.yaml");

	tiny_replace(lab, "solution/work.c", "return 2 * input;",
		"if (input > 2000000)\n\t\treturn 5;\n\treturn 2 * input;");
	struct ran ran = run_interlock("selftest", lab, "-o", out, NULL);
	ck_assert_msg(ran.code == 1, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, "it survives");
	expect_holds(ran.output, "+\tif (input >= 2000000)");
	ran_release(&ran);
	char *text = file_get(survivors);
	struct buffer marked = {0};
	const char *at = text;
	for (const char *end = NULL; (end = strstr(at, "reason:")); at = end + 7) {
		buffer_add(&marked, at, (size_t)(end - at));
		buffer_text(&marked, "reason: no input is so large");
	}
	buffer_text(&marked, at);
	file_put(marks, marked.bytes);
	expect_selftest(lab, 0, "The lab grades right.");
	tiny_replace(lab, "solution/work.c", "2000000", "3000000");
	expect_selftest(lab, 1, "no mutant is like this any more");
	file_put(marks, "- {diff: x, reason: ''}\n");
	expect_selftest(lab, 2, "equivalent-mutants.yaml");
	file_put(marks, "- {diff: x, excuse: y}\n");
	expect_selftest(lab, 2, "equivalent-mutants.yaml");
	buffer_release(&marked);
	free(text);
	free(marks);
	free(survivors);
	free(out);
	free(lab);
}
END_TEST

/* Another compiler may make other code of it, and then the mark is needed. */
START_TEST(a_mark_on_a_mutant_that_is_the_same_code_is_kept)
{
	char *lab = whole_lab("same");
	char *marks = path_join(lab, "equivalent-mutants.yaml");

	tiny_replace(lab, "solution/work.c", "return 2 * input;",
		"if (0 < 1)\n\t\treturn 2 * input;");
	expect_selftest(lab, 0, "same code as another");
	file_put(marks, "- diff: |\n    @@ work.c: work\n     \t/* BEGIN SOLUTION */\n"
			"    -\tif (0 < 1)\n    +\tif (0 <= 1)\n"
			"     \t\treturn 2 * input;\n"
			"  reason: both are true\n");
	expect_selftest(lab, 0, "The lab grades right.");
	free(marks);
	free(lab);
}
END_TEST

START_TEST(a_mark_on_a_mutant_that_is_caught_is_told)
{
	char *lab = whole_lab("excused");
	char *marks = path_join(lab, "equivalent-mutants.yaml");

	file_put(marks, "- diff: |\n    @@ work.c: work\n     \t/* BEGIN SOLUTION */\n"
			"    -\treturn 2 * input;\n    +\treturn 3 * input;\n"
			"     \t/* END SOLUTION */\n  reason: who needs twice\n");
	expect_selftest(lab, 1, "marked as equivalent but was caught");
	free(marks);
	free(lab);
}
END_TEST

START_TEST(a_command_line_that_means_nothing_is_refused)
{
	char *lab = whole_lab("refused");
	struct ran ran = run_interlock("selftest", lab, "--stage", "helgrind", NULL);

	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "no criterion that helgrind decides");
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "--only", "nothing-*", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "nothing-*");
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "--repeat", "0", NULL);
	ck_assert_int_eq(ran.code, 2);
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "--stage", "luck", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "write explore, stress, helgrind or build");
	ran_release(&ran);
	ran = run_interlock("selftest", lab, "-o", "/dev/null/reports", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "/dev/null/reports");
	expect_lacks(ran.errors, "graded");
	ran_release(&ran);
	ran = run_interlock(
		"selftest", lab, "--stage", "stress", "--only", "solution", NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, "stress alone decides 1 of 2 criteria; not: compiles");
	ran_release(&ran);
	free(lab);
}
END_TEST

START_TEST(a_new_lab_passes_its_selftest)
{
	char *folder = scratch_path("fresh");
	char *slash = text_format("%s/", folder);
	struct ran ran = run_interlock("new-lab", "my-lab-2", "-o", slash, NULL);

	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	expect_holds(ran.output, "share/interlock/labs/README.md");
	ran_release(&ran);
	ran = run_program(
		(const char *const[]){"/bin/grep", "-rn", "new-lab", folder, NULL});
	ck_assert_msg(ran.code == 1, "%s", ran.output);
	ran_release(&ran);
	/* With mutants in the last test. */
	ran = run_interlock("selftest", folder, "--no-mutants", NULL);
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, "my-lab-2");
	ran_release(&ran);
	ran = run_interlock("new-lab", "my-lab-2", "-o", folder, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "is there already");
	ran_release(&ran);
	ran = run_interlock("new-lab", "../lab", NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "no name for a lab");
	ran_release(&ran);
	free(slash);
	free(folder);
}
END_TEST

START_LONG_TEST(the_way_to_a_lab_of_ones_own_leads_there, a_new_lab_passes_its_selftest)
{
	char *readme = path_of("share/interlock/labs/README.md");
	char *text = file_get(readme);
	char *script = guide_script(text);
	char *folder = scratch_path("reader/here");
	char *file = scratch_path("reader/script");
	char *programs = path_of("");
	char *command = text_format(
		"cd %s && PATH=%s:$PATH bash -eux %s 2>&1", folder, programs, file);
	struct error error = {""};

	expect_holds(script, "interlock new-lab");
	ck_assert_int_eq(folder_make(folder, &error), 0);
	file_put(file, script);
	struct ran ran =
		run_program((const char *const[]){"/bin/bash", "-c", command, NULL});
	ck_assert_msg(ran.code == 0, "%d\n%s", ran.code, ran.output);
	expect_holds(ran.output, "+\tif (score >= board->highest)");
	expect_holds(ran.output, "What should a score change");
	ran_release(&ran);
	free(command);
	free(programs);
	free(file);
	free(folder);
	free(script);
	free(text);
	free(readme);
}
END_TEST

static const TTest *const *const tests[] = {
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
