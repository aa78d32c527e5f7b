/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "build/diagnostics.h"

static void expect_first(
	const char *text, const char *file, long line, const char *message)
{
	struct diagnostic first;

	ck_assert_msg(diagnostics_first_error(text, &first), "none in: %s", text);
	ck_assert_str_eq(first.file, file);
	ck_assert_int_eq(first.line, line);
	ck_assert_str_eq(first.message, message);
}

START_TEST(the_first_error_is_found_behind_warnings)
{
	expect_first("a.c: In function 'f':\n"
		     "a.c:3:1: warning: unused\n"
		     "a.c:8:43: error: expected ';' before 'x'\n"
		     "    8 | y x\n"
		     "a.c:9:1: error: another\n",
		"a.c", 8, "expected ';' before 'x'");
}
END_TEST

START_TEST(clangs_and_fatal_errors_are_understood)
{
	expect_first("a.c:12:2: fatal error: 'no.h' file not found\n", "a.c", 12,
		"'no.h' file not found");
	expect_first("a.c:4: error: without a column", "a.c", 4, "without a column");
	expect_first(
		"In file included from a.c:1:\nb.h:2:1: error: here\n", "b.h", 2, "here");
}
END_TEST

START_TEST(errors_without_a_place_are_not_taken_for_one)
{
	struct diagnostic first;

	ck_assert(!diagnostics_first_error("", &first));
	ck_assert(!diagnostics_first_error("cc1: error: no memory\n", &first));
	ck_assert(!diagnostics_first_error("a.c:x:1: error: odd\n", &first));
	ck_assert(!diagnostics_first_error("a.c:3:1: warning: only\n", &first));
	ck_assert(!diagnostics_first_error(":::error: \n", &first));
}
END_TEST

/* #warning and the source line that the compiler quotes can hold any words. */
START_TEST(words_of_the_student_are_no_error)
{
	expect_first("a.c:2:2: warning: #warning error: not this\n"
		     "    2 | #warning error: nor:9: this\n"
		     "a.c:7:1: error: this\n",
		"a.c", 7, "this");
}
END_TEST

START_TEST(long_lines_are_cut)
{
	struct diagnostic first;
	char *text = memory_new(4000, 1);

	memset(text, 'x', 3999);
	memcpy(text, "a.c:1:1: error: ", 16);
	ck_assert(diagnostics_first_error(text, &first));
	ck_assert_uint_eq(strlen(first.message), sizeof(first.message) - 1);
	memset(text, 'x', 3999);
	memcpy(text + 3000, ":1:1: error: ", 13);
	ck_assert(!diagnostics_first_error(text, &first));
	free(text);
}
END_TEST

START_TEST(the_linkers_missing_function_is_named)
{
	char name[16] = "";

	ck_assert(diagnostics_undefined(
		"/usr/bin/ld: student.o: in function `f':\n"
		"a.c:3: undefined reference to `account_deposit'\ncollect2: error\n",
		name, sizeof(name)));
	ck_assert_str_eq(name, "account_deposit");
	ck_assert(diagnostics_undefined(
		"undefined reference to `a_name_that_is_too_long'", name, sizeof(name)));
	ck_assert_str_eq(name, "a_name_that_is_");
	ck_assert(!diagnostics_undefined("all is well", name, sizeof(name)));
}
END_TEST

/* The words that gcc 12 and clang 14 use. */
START_TEST(a_compilers_own_end_is_known_by_what_files_cannot_choose)
{
	static const char killed[] = "gcc: internal compiler error: Segmentation fault "
				     "signal terminated program cc1\n";
	static const char out_of_memory[] =
		"In file included from a.c:1:\n"
		"gcc-12: fatal error: Killed signal terminated program cc1\n";
	static const char defect[] =
		"a.c:3:1: internal compiler error: in f, at g.cc:7\n";
	static const char claimed[] =
		"a.c:1:2: error: #error gcc: signal terminated program cc1\n"
		"    1 | #error gcc: signal terminated program cc1\n"
		"a.c:2:2: error: #error internal compiler error: in f, at g.cc:7\n";

	ck_assert_int_eq(diagnostics_compiler_end(killed, 4), COMPILER_KILLED);
	ck_assert_int_eq(diagnostics_compiler_end(out_of_memory, 1), COMPILER_KILLED);
	ck_assert_int_eq(diagnostics_compiler_end("", 128 + 11), COMPILER_KILLED);
	ck_assert_int_eq(diagnostics_compiler_end(defect, 4), COMPILER_CRASHED);
	ck_assert_int_eq(diagnostics_compiler_end("", 70), COMPILER_CRASHED);
	ck_assert_int_eq(diagnostics_compiler_end(claimed, 1), COMPILER_REFUSED);
}
END_TEST

static const TTest *const *const tests[] = {
	&the_first_error_is_found_behind_warnings,
	&clangs_and_fatal_errors_are_understood,
	&errors_without_a_place_are_not_taken_for_one,
	&words_of_the_student_are_no_error,
	&long_lines_are_cut,
	&the_linkers_missing_function_is_named,
	&a_compilers_own_end_is_known_by_what_files_cannot_choose,
};
SUITE_MAIN("diagnostics", tests)
