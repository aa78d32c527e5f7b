/* SPDX-License-Identifier: MIT */
/*
 * The frame of a test program: a table of tests, a limit of time that only a hang can
 * reach, and a scratch folder of its own, which is also where the code under test puts
 * its temporary folders.
 *
 *	static const TTest *const *const tests[] = {&nothing_is_half_written, ...};
 *	SUITE_MAIN("intake", tests)
 */
#ifndef INTERLOCK_TESTS_SUITE_H
#define INTERLOCK_TESTS_SUITE_H

#include "../../reference/tests/long_test.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static double suite_hang_seconds = 300; /* 0: a test may take as long as it likes */

static char scratch[256]; /* world-readable: the box's user has to get through it */

static inline void scratch_make(void)
{
	snprintf(scratch, sizeof(scratch), "/tmp/interlock-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chmod(scratch, 0755), 0);
	setenv("TMPDIR", scratch, 1);
}

static inline void scratch_remove(void)
{
	struct error error = {""};

	ck_assert_msg(folder_remove(scratch, &error) == 0, "%s", error.message);
}

/* A path below the scratch folder, to be freed. */
static inline char *scratch_path(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
static inline char *scratch_path(const char *format, ...)
{
	char name[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(name, sizeof(name), format, arguments);
	va_end(arguments);
	return path_join(scratch, name);
}

/* Writes a file and the folders above it. */
static inline void file_put(const char *path, const char *text)
{
	struct error error = {""};
	char *folder = text_copy(path);

	*strrchr(folder, '/') = '\0';
	ck_assert_msg(folder_make(folder, &error) == 0, "%s", error.message);
	ck_assert_msg(
		file_replace(path, text, strlen(text), &error) == 0, "%s", error.message);
	free(folder);
}

/* The text of a file, to be freed. */
static inline char *file_get(const char *path)
{
	struct error error = {""};
	char *text = file_read(path, 1 << 24, NULL, &error);

	ck_assert_msg(text != NULL, "%s", error.message);
	return text;
}

static inline void expect_holds(const char *text, const char *part)
{
	ck_assert_msg(text && strstr(text, part), "\"%s\" is not in:\n%s", part,
		text ? text : "(null)");
}

static inline void expect_lacks(const char *text, const char *part)
{
	ck_assert_msg(!strstr(text, part), "\"%s\" is in:\n%s", part, text);
}

static inline int suite_run_one(Suite *suite)
{
	SRunner *runner = srunner_create(suite);

	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* For a program with long tests, or with loops: add_tests adds them. What is prepared is so
 * once for all tests, each of which is then a process of its own. */
static inline int suite_run_case(const char *name, void (*add_tests)(TCase *tcase),
	void (*prepare)(void), void (*put_away)(void))
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);

	tcase_add_unchecked_fixture(tcase, prepare, put_away);
	tcase_set_timeout(tcase, suite_hang_seconds);
	add_tests(tcase);
	suite_add_tcase(suite, tcase);
	return suite_run_one(suite);
}

/* The same of a table of tests. */
static inline int suite_run_with(const char *name, const TTest *const *const *tests,
	size_t count, void (*prepare)(void), void (*put_away)(void))
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);

	tcase_add_unchecked_fixture(tcase, prepare, put_away);
	tcase_set_timeout(tcase, suite_hang_seconds);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, *tests[i]);
	suite_add_tcase(suite, tcase);
	return suite_run_one(suite);
}

static inline int suite_run(
	const char *name, const TTest *const *const *tests, size_t count)
{
	return suite_run_with(name, tests, count, scratch_make, scratch_remove);
}

#define SUITE_MAIN(name, tests)                                                          \
	int main(void)                                                                   \
	{                                                                                \
		return suite_run(name, tests, sizeof(tests) / sizeof((tests)[0]));       \
	}

#endif
