/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML: one testsuite a submission, one testcase a criterion.
 *
 *	struct junit_options options = {.dialect = JUNIT_STRICT};
 *	const struct result *results[] = {alice, bob};
 *	junit_write(results, 2, &options, "junit.xml", &error);
 *
 * Two dialects, since what one reader needs another's schema forbids: the strict one is
 * valid by reports/junit-strict.xsd (Jenkins' xunit plugin and Surefire readers), the
 * rich one by reports/junit-rich.xsd (file and line for GitLab, CircleCI and annotators).
 */
#ifndef INTERLOCK_REPORT_JUNIT_H
#define INTERLOCK_REPORT_JUNIT_H

#include "score/result.h"

enum junit_dialect { JUNIT_STRICT, JUNIT_RICH };

struct junit_options {
	enum junit_dialect dialect;
	bool hidden; /* hidden criteria, too */
};

/* The document, encoded in UTF-8; the caller frees it. */
char *junit_text(const struct result *const *results, size_t count,
	const struct junit_options *options);

/* Replaces the file in one piece. */
int junit_write(const struct result *const *results, size_t count,
	const struct junit_options *options, const char *path, struct error *error);

#endif
