/* SPDX-License-Identifier: MIT */
#ifndef MP_TESTS_SUITE_H
#define MP_TESTS_SUITE_H

/*
 * The frame of a test program: one suite, two cases, a limit of time that only a hang can reach.
 * The case "hard" is what helgrind and TSan cannot or must not see: a thread that dies with a lock
 * held, a cancelled thread, a race on purpose. They run CK_RUN_CASE=plain.
 *
 *	static const TTest *const *const tests[] = {&no_update_is_lost, ...};
 *	static const TTest *const *const hard[] = {&the_next_owner_learns_of_a_death, ...};
 *	MP_TEST_MAIN("lock", tests, hard)
 */

#include <check.h>
#include <stdlib.h>
#include <time.h>
#include <valgrind/valgrind.h>

enum { HANG_SECONDS = 120 };

/* Something that one process waits for and another does, without the library under test.
 */
struct flag {
	_Atomic int value;
};

static inline void nap_ms(long milliseconds)
{
	nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000},
		NULL);
}

static inline void await(struct flag *flag, int value)
{
	while (flag->value != value)
		nap_ms(1);
}

/* Until it is killed: nanosleep is a place where the thread backend can be killed, too.
 */
static inline int sleep_for_ever(void)
{
	while (getenv("MP_TEST_NEVER_SET") == NULL)
		nap_ms(1000);
	return 1;
}

static inline void add_case(
	Suite *suite, const char *name, const TTest *const *const *tests, size_t count)
{
	TCase *tcase = tcase_create(name);
	size_t i;

	tcase_set_timeout(tcase, HANG_SECONDS);
	for (i = 0; i < count; i++)
		tcase_add_test(tcase, *tests[i]);
	suite_add_tcase(suite, tcase);
}

/* The same, each test with _i from 0 to times - 1. */
static inline void add_loops(Suite *suite, const char *name,
	const TTest *const *const *tests, size_t count, int times)
{
	TCase *tcase = tcase_create(name);
	size_t i;

	tcase_set_timeout(tcase, HANG_SECONDS);
	for (i = 0; i < count; i++)
		tcase_add_loop_test(tcase, *tests[i], 0, times);
	suite_add_tcase(suite, tcase);
}

static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#if defined(__SANITIZE_ADDRESS__)
#define MP_UNDER_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MP_UNDER_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef MP_UNDER_ADDRESS_SANITIZER
#define MP_UNDER_ADDRESS_SANITIZER 0
#endif

#define MP_COUNT(tests) (sizeof(tests) / sizeof((tests)[0]))

#if defined(__SANITIZE_THREAD__)
#define MP_HARD_TESTS 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MP_HARD_TESTS 0
#endif
#endif
#ifndef MP_HARD_TESTS
#define MP_HARD_TESTS 1
#endif

/* Loops go so often, or so seldom that a valgrind is done with them in seconds. */
#define MP_OFTEN(count) (RUNNING_ON_VALGRIND ? (count) / 10 : (count))

#define MP_TEST_MAIN(name, tests, hard)                                                  \
	int main(void)                                                                   \
	{                                                                                \
		Suite *suite = suite_create(name);                                       \
                                                                                         \
		add_case(suite, "plain", tests, MP_COUNT(tests));                        \
		if (MP_HARD_TESTS)                                                       \
			add_case(suite, "hard", hard, MP_COUNT(hard));                   \
		return run_suite(suite);                                                 \
	}

#endif
