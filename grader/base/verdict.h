/* SPDX-License-Identifier: MIT */
/*
 * The words for what was seen and what it means, shared by every stage.
 *
 *	if (verdict == VERDICT_FAIL)
 *		printf("%s: %s\n", stage_name(STAGE_STRESS), verdict_name(verdict));
 */
#ifndef INTERLOCK_BASE_VERDICT_H
#define INTERLOCK_BASE_VERDICT_H

/*
 * PASS and FAIL judge the student. BLOCKED was not judged, because a criterion that it
 * needs was not passed; it earns nothing. INCONCLUSIVE and ERROR are the grader's own
 * fault: such a criterion leaves the score, its points counted on neither side.
 */
enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_BLOCKED,
	VERDICT_INCONCLUSIVE,
	VERDICT_ERROR,
	VERDICT_COUNT
};

/* The stages that produce evidence, in the order in which they run. Taking the files in is a
 * part of the build. */
enum stage { STAGE_BUILD, STAGE_STRESS, STAGE_EXPLORE, STAGE_HELGRIND, STAGE_COUNT };

/* Lower-case names, as in lab.yaml and the result file: "pass", "stress". Static. */
const char *verdict_name(enum verdict verdict);
const char *stage_name(enum stage stage);

/* The value with that name, or -1. */
int verdict_by_name(const char *name);
int stage_by_name(const char *name);

#endif
