/* SPDX-License-Identifier: MIT */
/*
 * Tests a lab: that what is right gets full marks, that what is wrong fails the criterion
 * that it names and no other, and that mistakes made by machine in the solution are seen.
 *
 *	struct selftest test = {.lab = lab, .workshop = workshop, .options = &options,
 *		.jobs = 2, .repeat = 1, .with_mutants = true, .output = "reports/out"};
 *	if (selftest_run(&test, &error) == 0 && selftest_passed(&test))
 *		puts("the lab grades right");
 *	selftest_release(&test);
 */
#ifndef INTERLOCK_SELFTEST_SELFTEST_H
#define INTERLOCK_SELFTEST_SELFTEST_H

#include "base/error.h"
#include "grade/grade.h"
#include "lab/lab.h"
#include "selftest/equivalent.h"
#include "selftest/mutants.h"

enum selftest_kind {
	SELFTEST_SOLUTION,
	SELFTEST_SKELETON,
	SELFTEST_RIGHT,
	SELFTEST_WRONG,
	SELFTEST_MUTANT,
	SELFTEST_KINDS
};

/* One thing that is graded. */
struct selftest_case {
	enum selftest_kind kind;
	char *name;	/* "wrong-two-locks", "mutant-007" */
	char *path;	/* its folder */
	char *expected; /* of a wrong submission: the criterion that it must fail */
	const struct mutant *mutant; /* or NULL */
	const char *excuse;	     /* of a mutant: why it is equivalent, or NULL */
	char *fault;		     /* why it is not as it should be, or NULL */
	bool unjudged;		     /* the fault is that the grader could not judge it */
	bool full_marks;
	long gradings; /* how often it was graded, and how often in vain */
	long failures;
};

struct selftest {
	const struct lab *lab;
	struct workshop *workshop;
	struct grade_options *options; /* the workshop's; each round draws a new seed */
	int jobs;
	long repeat; /* gradings of the solution and of what is in right/ */
	bool with_mutants;
	bool sample;	    /* one right answer, and a wrong one for each criterion */
	const char *only;   /* pattern of the names of cases to grade, or NULL */
	const char *output; /* folder of all reports, or NULL to keep none */
	bool progress;
	/* What came of it. */
	struct selftest_case *cases;
	size_t count;
	struct mutants mutants;
	size_t not_compiling; /* of the mutants */
	size_t same_code;     /* as the solution or another mutant */
	struct equivalents equivalents;
	bool stale; /* a mark of an equivalent mutant fits none */
	char *folder;
};

/* Makes, compiles and grades all of it. -1 with the error set if the test could not be
 * done; otherwise see the cases' faults. Call selftest_release in both cases. */
int selftest_run(struct selftest *test, struct error *error);
void selftest_release(struct selftest *test);

/* Whether nothing is wrong with the lab; whether all could be judged. */
bool selftest_passed(const struct selftest *test);
bool selftest_judged(const struct selftest *test);

#endif
