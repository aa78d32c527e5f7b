/* SPDX-License-Identifier: MIT */
#ifndef MP_TESTS_LONG_TEST_H
#define MP_TESTS_LONG_TEST_H

/*
 * What takes long is tested by make check-long alone. Each such test names the one that stands
 * for it in make check, and .ci/stand-ins looks for that one. A program adds both, and runs
 * the short ones; with INTERLOCK_LONG in the environment, the long ones.
 *
 *	START_LONG_TEST(every_program_is_searched, a_program_of_each_kind_is_searched)
 *	{
 *		...
 *	}
 *	END_TEST
 *
 *	add_short_test(tcase, a_program_of_each_kind_is_searched, 0, KINDS);
 *	add_long_test(tcase, every_program_is_searched, 0, PROGRAMS);
 */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#define START_LONG_TEST(name, stand_in)                                                  \
	static const char name##_is_long[] = #stand_in;                                  \
	START_TEST(name)

static inline bool is_long_run(void)
{
	return getenv("INTERLOCK_LONG") != NULL;
}

/* The numbers `from` to `to` - 1 are those of a loop test. */
#define add_long_test(tcase, name, from, to)                                             \
	do {                                                                             \
		(void)name##_is_long;                                                    \
		if (is_long_run())                                                       \
			tcase_add_loop_test(tcase, name, from, to);                      \
	} while (0)

#define add_short_test(tcase, name, from, to)                                            \
	do {                                                                             \
		if (!is_long_run())                                                      \
			tcase_add_loop_test(tcase, name, from, to);                      \
	} while (0)

#endif
