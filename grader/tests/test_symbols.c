/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "build/symbols.h"

static char wait_name[] = "sem_wait";
static char *forbidden[] = {wait_name};
static char locks[] = "mp_lock_*", join[] = "mp_process_join";
static char *uses[] = {locks, join};
static const struct lab lab = {.uses = uses,
	.uses_count = 2,
	.forbidden = forbidden,
	.forbidden_count = 1,
	.limits = {.memory_mb = 64}};

#define USED(name) name " | | U | NOTYPE| | |*UND*\n"
#define FUNCTION(name) name " |0000000000000010| T | FUNC|000000000000003c| |.text\n"
#define VARIABLE(name) name " |0000000000000010| b | OBJECT|0000000000000004| |.bss\n"

static void expect_fine_in(bool instrumented, const char *nm_output)
{
	char *complaint = symbols_complaint(&lab, NULL, instrumented, nm_output);

	ck_assert_msg(!complaint, "%s", complaint);
}

static void expect_fine(const char *nm_output)
{
	expect_fine_in(false, nm_output);
}

static void expect_refused(const char *nm_output, const char *part)
{
	char *complaint = symbols_complaint(&lab, NULL, false, nm_output);

	ck_assert_msg(complaint != NULL, "fine: %s", nm_output);
	expect_holds(complaint, part);
	free(complaint);
}

START_TEST(ordinary_functions_and_variables_are_fine)
{
	expect_fine("");
	expect_fine("\n\nSymbols from student.o:\n\nName   Value   Class\n\n" FUNCTION(
		"account_deposit") USED("mp_lock_acquire") FUNCTION("helper.constprop.0")
			VARIABLE("counter.1234") VARIABLE("__func__.0") USED("printf")
				USED("sem_post"));
}
END_TEST

START_TEST(what_the_checkers_own_is_neither_defined_nor_called)
{
	expect_refused(
		FUNCTION("f") FUNCTION("__tsan_write4"), "__tsan_write4 is defined");
	expect_refused(USED("__sanitizer_set_death_callback"), "is used");
	expect_refused(USED("mp_checker_before"), "mp_checker_before is used");
	expect_refused("interlock_mark_begin | | w | NOTYPE| | |*UND*\n",
		"interlock_mark_begin is used");
	expect_refused(FUNCTION("__asan_default_options"), "__asan_default_options");
}
END_TEST

START_TEST(an_instrumented_object_calls_the_explorer_and_defines_nothing_of_it)
{
	expect_refused(USED("__tsan_read8"), "__tsan_read8 is used");
	expect_fine_in(true, USED("__tsan_read8"));
	expect_fine_in(true, USED("__sanitizer_cov_trace_pc"));
	expect_refused(
		USED("__sanitizer_cov_trace_pc"), "__sanitizer_cov_trace_pc is used");
	char *complaint = symbols_complaint(&lab, NULL, true, FUNCTION("__tsan_read8"));
	ck_assert_ptr_nonnull(complaint);
	expect_holds(complaint, "__tsan_read8 is defined");
	free(complaint);
}
END_TEST

START_TEST(of_the_library_what_the_lab_lists_is_used)
{
	expect_fine(USED("mp_lock_release") USED("mp_process_join"));
	expect_refused(
		USED("mp_process_join_timeout"), "mp_process_join_timeout is called");
	expect_refused(USED("mp_pool_map"), "mp_pool_map is called");
	expect_refused("mp_lockless | | w | NOTYPE| | |*UND*\n", "mp_lockless is called");
	expect_fine(FUNCTION("mp_pool_map"));
}
END_TEST

static bool follows_sem_post(const char *name)
{
	return strcmp(name, "sem_post") == 0;
}

START_TEST(of_c_what_is_known_is_used)
{
	static const char *const unknown[] = {"mprotect", "mremap", "mempcpy", "syscall",
		"dlsym", "process_vm_writev", "helper_that_nobody_wrote"};

	ck_assert_ptr_null(symbols_complaint(&lab, follows_sem_post, false,
		USED("sem_post") USED("strtol") USED("mp_lock_release")));
	ck_assert_ptr_null(symbols_complaint(
		&lab, follows_sem_post, true, USED("__tsan_atomic32_store")));
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		char *text = text_format(USED("%s"), unknown[i]);
		char *complaint = symbols_complaint(&lab, follows_sem_post, false, text);
		ck_assert_msg(complaint != NULL, "%s", unknown[i]);
		expect_holds(complaint, "is called");
		free(complaint);
		free(text);
	}
}
END_TEST

START_TEST(data_among_instructions_is_refused)
{
	expect_refused("add |0000000000000010| t | OBJECT|0000000000000004| |.text\n",
		"where instructions lie");
	expect_refused("add |0000000000000010| t | NOTYPE| | |.text.unlikely\n",
		"where instructions lie");
	expect_refused("add |0000000000000010| d | FUNC| | |.data\n", "the other way");
}
END_TEST

START_TEST(a_forbidden_call_is_named_a_function_of_that_name_is_not)
{
	expect_refused(USED("sem_wait"), "sem_wait is used");
	expect_refused("sem_wait | | w | NOTYPE| | |*UND*\n", "sem_wait is used");
	expect_fine(FUNCTION("sem_wait") USED("sem_wait_all"));
}
END_TEST

START_TEST(functions_chosen_at_load_time_are_refused)
{
	expect_refused("f |0| i | FUNC|10| |.text\n", "ifunc");
}
END_TEST

START_TEST(names_that_hide_what_follows_are_refused)
{
	char *text = memory_new(500, 1);

	expect_refused(FUNCTION("a b"), "name that C does not allow");
	expect_refused("a\n", "name that C does not allow");
	expect_refused(FUNCTION("a|b"), "name that C does not allow");
	expect_refused(FUNCTION(""), "name that C does not allow");
	expect_refused(FUNCTION("\xc3\xa9"), "name that C does not allow");
	memset(text, 'U', 300);
	strcpy(text + 300, " |0| i | FUNC|10| |.text\n");
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
	&an_instrumented_object_calls_the_explorer_and_defines_nothing_of_it,
	&of_the_library_what_the_lab_lists_is_used,
	&of_c_what_is_known_is_used,
	&data_among_instructions_is_refused,
	&a_forbidden_call_is_named_a_function_of_that_name_is_not,
	&functions_chosen_at_load_time_are_refused,
	&names_that_hide_what_follows_are_refused,
	&code_before_and_after_main_is_refused,
	&sections_that_no_compiler_makes_are_refused,
	&variables_larger_than_the_labs_memory_are_refused,
};
SUITE_MAIN("symbols", tests)
