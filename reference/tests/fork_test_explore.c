/* SPDX-License-Identifier: MIT */
/*
 * Each primitive through all interleavings of a small program (explore/family.c), by the explorer
 * that grades what students make of them: nothing is found, and nothing is left out. The budgets
 * are in executions, so the verdicts are the same on every machine.
 */
#include "long_test.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* The last takes minutes. */
static const char *const scenes[] = {"lock", "rlock", "semaphore", "condition", "event",
	"barrier", "queue", "value", "pipe", "pool"};

static char output[40000];

/* The explorer's exit code: 0 nothing was found, 1 something was. */
static int explore(const char *scene)
{
	char command[4096];
	size_t length;
	FILE *pipe;

	snprintf(command, sizeof(command),
		"%s/interlock explore --json --budget 200000 -I %s/include "
		"%s/tests/explore/family.c %s/lib/interlock/libmp-explore.a -- %s 2>&1",
		BUILD_DIRECTORY, SOURCE_DIRECTORY, SOURCE_DIRECTORY, BUILD_DIRECTORY,
		scene);
	/* NOLINTNEXTLINE(cert-env33-c): the command is this program's own. */
	pipe = popen(command, "r");
	ck_assert_ptr_nonnull(pipe);
	length = fread(output, 1, sizeof(output) - 1, pipe);
	output[length] = '\0';
	while (fgetc(pipe) != EOF)
		;
	return WEXITSTATUS(pclose(pipe));
}

static void expect_unbroken(const char *scene)
{
	int code = explore(scene);

	ck_assert_msg(code == 0, "%s: exit code %d\n%.2000s", scene, code, output);
	ck_assert_msg(strstr(output, "\"coverage\": \"complete\"") != NULL,
		"%s:\n%.2000s", scene, output);
}

START_TEST(no_interleaving_breaks_a_primitive)
{
	expect_unbroken(scenes[_i]);
}
END_TEST

START_LONG_TEST(no_interleaving_breaks_any_primitive, no_interleaving_breaks_a_primitive)
{
	expect_unbroken(scenes[_i]);
}
END_TEST

START_TEST(the_explorer_would_see_a_lost_update)
{
	ck_assert_msg(explore("unlocked") == 1, "%.2000s", output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore");
	TCase *tcase = tcase_create("explore");

	tcase_set_timeout(tcase, 5 * HANG_SECONDS);
	add_short_test(tcase, the_explorer_would_see_a_lost_update, 0, 1);
	add_short_test(
		tcase, no_interleaving_breaks_a_primitive, 0, (int)MP_COUNT(scenes) - 1);
	add_long_test(
		tcase, no_interleaving_breaks_any_primitive, 0, (int)MP_COUNT(scenes));
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
