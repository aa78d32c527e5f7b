/* SPDX-License-Identifier: MIT */
/*
 * Collects what a selftest grades: from the lab's folder, and mutants made from the
 * solution.
 *
 *	if (cases_collect(test, &error) || cases_add_mutants(test, &error))
 *		return -1;
 */
#ifndef INTERLOCK_SELFTEST_CASES_H
#define INTERLOCK_SELFTEST_CASES_H

#include "selftest/selftest.h"

/* The solution, the skeleton, and the folders in right/ and wrong/, by name. */
int cases_collect(struct selftest *test, struct error *error);

/* The mutants that compile, and to other code than the solution and each other. */
int cases_add_mutants(struct selftest *test, struct error *error);

#endif
