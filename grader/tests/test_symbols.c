/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "build/symbols.h"

static char wait_name[] = "sem_wait";
static char *forbidden[] = {wait_name};
static const struct lab lab = {
	.forbidden = forbidden, .forbidden_count = 1, .limits = {.memory_mb = 64}};

static void expect_fine(const char *nm_output)
{
	char *complaint = symbols_complaint(&lab, nm_output);

	ck_assert_msg(!complaint, "%s", complaint);
}

static void expect_refused(const char *nm_output, const char *part)
{
	char *complaint = symbols_complaint(&lab, nm_output);

	ck_assert_msg(complaint != NULL, "fine: %s", nm_output);
	expect_holds(complaint, part);
	free(complaint);
}

START_TEST(ordinary_functions_and_variables_are_fine)
{
	expect_fine("");
	expect_fine("account_deposit T 0 3c\nmp_lock_acquire U         \n"
		    "helper.constprop.0 t 40 10\ncounter.1234 b 0 4\n__func__.0 r 0 8\n"
		    "printf U\nsem_post U\n");
}
END_TEST

START_TEST(what_the_checkers_own_is_neither_defined_nor_called)
{
	expect_refused("f T 0 1\n__tsan_write4 t 0 10\n", "__tsan_write4 is defined");
	expect_refused("__sanitizer_set_death_callback U\n", "is used");
	expect_refused("mp_checker_before U\n", "mp_checker_before is used");
	expect_refused("interlock_mark_begin w\n", "interlock_mark_begin is used");
	expect_refused("__asan_default_options T 0 1\n", "__asan_default_options");
}
END_TEST

START_TEST(a_forbidden_call_is_named_a_function_of_that_name_is_not)
{
	expect_refused("sem_wait U\n", "sem_wait is used");
	expect_refused("sem_wait w\n", "sem_wait is used");
	expect_fine("sem_wait t 0 10\nsem_wait_all U\n");
}
END_TEST

START_TEST(functions_chosen_at_load_time_are_refused)
{
	expect_refused("f i 0 10\n", "ifunc");
}
END_TEST

START_TEST(names_that_hide_what_follows_are_refused)
{
	char *text = memory_new(500, 1);

	expect_refused("a b i 0 10\n", "name that C does not allow");
	expect_refused("a\n", "name that C does not allow");
	expect_refused("\n", "name that C does not allow");
	expect_refused("\xc3\xa9 T 0 1\n", "name that C does not allow");
	memset(text, 'U', 300);
	memcpy(text + 300, " i 0 10\n", 9);
	expect_refused(text, "ifunc");
	free(text);
}
END_TEST

START_TEST(code_before_and_after_main_is_refused)
{
	static const char *const sections[] = {".init_array", ".init_array.00099",
		".preinit_array", ".ctors.65535", ".fini_array", ".init", ".dtors"};

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		char *text = text_format("student.o:     file format elf64-x86-64\n\n"
					 "Sections:\nIdx Name          Size\n"
					 "  0 .text         00000010\n"
					 " 12 %s    00000008\n",
			sections[i]);
		char *complaint = sections_complaint(&lab, false, text);
		ck_assert_msg(complaint != NULL, "%s", sections[i]);
		expect_holds(complaint, "main");
		free(complaint);
		free(text);
	}
	ck_assert_ptr_null(sections_complaint(
		&lab, false, "  0 .text 0\n  1 .data.init 0\n  2 .bss 0"));
	ck_assert_ptr_null(sections_complaint(&lab, false, ""));
}
END_TEST

START_TEST(sections_that_no_compiler_makes_are_refused)
{
	static const char *const sections[] = {"  1 .interp 00000010",
		"  1 .rela.dyn 00000018", "  1 .got.plt 00000008", "  1 own 00000008",
		"  1 .textual 00000008", "  1 a b", "rest of a name", "  1 .dynamic 10"};

	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		char *complaint = sections_complaint(&lab, false, sections[i]);
		ck_assert_msg(complaint != NULL, "%s", sections[i]);
		expect_holds(complaint, "a section of its own");
		free(complaint);
	}
}
END_TEST

START_TEST(variables_larger_than_the_labs_memory_are_refused)
{
	static const char *const large[] = {"  1 .bss 04000001 0 0 0 2**4  ALLOC",
		"  1 .data 02000000 0 0 0 2**4  ALLOC\n  2 .bss 02000001 0 0 0 2**4  "
		"ALLOC",
		"  1 .bss ffffffffffffffff 0 0 0 2**4  ALLOC\n  2 .data ffffffffffffffff "
		"0 0 0 2**4  ALLOC"};

	for (size_t i = 0; i < sizeof(large) / sizeof(*large); i++) {
		char *complaint = sections_complaint(&lab, false, large[i]);
		ck_assert_msg(complaint != NULL, "%s", large[i]);
		expect_holds(complaint, "more memory than the 64 MB");
		free(complaint);
	}
	ck_assert_ptr_null(sections_complaint(&lab, false,
		"  1 .bss 04000000 0 0 0 2**4  ALLOC\n  2 "
		".debug_info ff000000 0 0 0 2**0 "
		" CONTENTS, DEBUGGING"));
}
END_TEST

static const TTest *const *const tests[] = {
	&ordinary_functions_and_variables_are_fine,
	&what_the_checkers_own_is_neither_defined_nor_called,
	&a_forbidden_call_is_named_a_function_of_that_name_is_not,
	&functions_chosen_at_load_time_are_refused,
	&names_that_hide_what_follows_are_refused,
	&code_before_and_after_main_is_refused,
	&sections_that_no_compiler_makes_are_refused,
	&variables_larger_than_the_labs_memory_are_refused,
};
SUITE_MAIN("symbols", tests)
