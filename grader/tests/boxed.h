/* SPDX-License-Identifier: MIT */
/*
 * Runs functions of a test in a box, in place of an executable, in each tier that works here.
 *
 *	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++)
 *		if (works(tier))
 *			status = run_function(tier, attack, NULL, PATIENT, 0);
 *	return boxed_suite("limits", tests, sizeof(tests) / sizeof(*tests));
 */
#ifndef INTERLOCK_TESTS_BOXED_H
#define INTERLOCK_TESTS_BOXED_H

#include "sandbox/box.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_TIER BOX_TIER_A
#define AFTER_LAST_TIER BOX_TIER_D

static char folder[256];

static inline void folder_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%.200s/test-sandbox-XXXXXX",
		base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0755), 0);
}

static inline void folder_remove(void)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a fixed command */
}

static inline void file_write(const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
}

/* A tier that does not work here is no failure: the probe is what says so. */
static inline bool works(int tier)
{
	struct error error;

	return box_tier_works((enum box_tier)tier, &error);
}

static inline struct box_result run(struct box_options options)
{
	struct error error = {""};
	struct box_result result;

	ck_assert_msg(box_run(&options, &result, &error) == 0, "tier %s: %s",
		box_tier_name(options.tier), error.message);
	return result;
}

static inline struct box_status run_function(int tier, int (*function)(void *),
	void *argument, struct box_limits limits, unsigned without)
{
	struct box_options options = {.tier = (enum box_tier)tier,
		.function = function,
		.argument = argument,
		.limits = limits,
		.work_dir = folder,
		.without = without};
	struct box_result result = run(options);
	struct box_status status = result.status;

	box_result_release(&result);
	return status;
}

static const struct box_limits PATIENT = {.wall_ms = 60000};

/* A program that does nothing, for longer than anybody waits. */
static inline int sleep_long(void *argument)
{
	(void)argument;
	(void)sleep(300);
	return 0;
}

static inline int boxed_suite(
	const char *name, const TTest *const *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *box = tcase_create("box");

	tcase_add_unchecked_fixture(box, folder_make, folder_remove);
	tcase_set_timeout(box, 300);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(box, *tests[i]);
	suite_add_tcase(suite, box);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
