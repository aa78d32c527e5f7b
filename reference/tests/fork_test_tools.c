/* SPDX-License-Identifier: MIT */
/*
 * The test programs, each run whole in one process by a tool: the thread build is clean under
 * helgrind, and both builds under memcheck. That the tools would have seen something is shown by
 * tests that err on purpose.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* A fork under valgrind takes long: the last two, which fork most, run as threads there. */
enum { FORK_SELDOM = 5 };
static const char *const programs[] = {"test_lock", "test_process", "test_value",
	"test_sync", "test_queue", "test_pool", "test_async"};

enum { FOUND = 42 };

static char output[40000];

/* Runs one case of a test program under valgrind: 0, FOUND, or what the program returned. */
static int valgrind(const char *options, const char *program, const char *tests)
{
	char command[4096];
	size_t length;
	FILE *pipe;

	snprintf(command, sizeof(command),
		"CK_FORK=no CK_RUN_CASE=%s timeout -k 5 110 valgrind -q %s "
		"--error-exitcode=%d "
		"%s/tests/reference/%s 2>&1",
		tests, options, FOUND, BUILD_DIRECTORY, program);
	/* NOLINTNEXTLINE(cert-env33-c): the command is this program's own. */
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	length = fread(output, 1, sizeof(output) - 1, pipe);
	output[length] = '\0';
	while (fgetc(pipe) != EOF)
		;
	return WEXITSTATUS(pclose(pipe));
}

static void assert_clean(const char *options, const char *program, const char *suffix)
{
	char name[100];
	int code;

	snprintf(name, sizeof(name), "%s%s", program, suffix);
	code = valgrind(options, name, "plain");
	ck_assert_msg(
		code == 0, "%s %s: exit code %d\n%.4000s", options, name, code, output);
}

START_TEST(the_thread_build_is_clean_under_helgrind)
{
	assert_clean("--tool=helgrind --history-level=none", programs[_i], "-threads");
}
END_TEST

/* A child that ends has no chance to free what it inherited: leaks are counted in threads. */
START_TEST(processes_are_clean_under_memcheck)
{
	assert_clean("--leak-check=no", programs[_i], "");
}
END_TEST

START_TEST(threads_are_clean_under_memcheck)
{
	assert_clean("--leak-check=full --errors-for-leak-kinds=definite", programs[_i],
		"-threads");
}
END_TEST

START_TEST(helgrind_would_see_a_race)
{
	ck_assert_int_eq(valgrind("--tool=helgrind", "test_lock-threads", "hard"), FOUND);
	ck_assert_ptr_nonnull(strstr(output, "data race"));
	ck_assert_ptr_nonnull(strstr(output, "deposit_unlocked"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tools");
	TCase *tcase = tcase_create("valgrind");

	tcase_set_timeout(tcase, HANG_SECONDS);
	tcase_add_test(tcase, helgrind_would_see_a_race);
	tcase_add_loop_test(tcase, the_thread_build_is_clean_under_helgrind, 0,
		(int)MP_COUNT(programs));
	tcase_add_loop_test(tcase, processes_are_clean_under_memcheck, 0, FORK_SELDOM);
	tcase_add_loop_test(tcase, threads_are_clean_under_memcheck, FORK_SELDOM,
		(int)MP_COUNT(programs));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
