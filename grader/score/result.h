/* SPDX-License-Identifier: MIT */
/*
 * The result of grading one submission: what each stage saw, what it means, and the points.
 * Every report is a pure function of this; the result file (JSON) is its stored form.
 *
 *	struct result *result = result_new(lab, "alice");
 *	struct evidence *seen = result_add_evidence(result, 2, STAGE_STRESS, VERDICT_FAIL);
 *	evidence_set_reason(seen, "The final balance was %ld, not %ld.", actual, expected);
 *	result_score(result, lab);
 *	printf("%ld of %ld points\n", result->points, result->max_points);
 *
 * Strings in a result may come from a submission: they are valid UTF-8 (see base/text.h),
 * but control characters and markup in them are the report writer's to escape.
 */
#ifndef INTERLOCK_SCORE_RESULT_H
#define INTERLOCK_SCORE_RESULT_H

#include "base/error.h"
#include "base/verdict.h"
#include "lab/lab.h"

#include <stdbool.h>
#include <stddef.h>

/* A place in the student's source. line is 1-based, 0 for none; file and function may be
 * NULL. */
struct source_place {
	char *file;
	long line;
	char *function;
};

/* What one stage saw of one criterion. Strings are owned, any may be NULL but reason. */
struct evidence {
	enum stage stage;
	enum verdict verdict;
	bool decides;	/* the criterion names its stage; set by result_score */
	char *reason;	/* one sentence for a person */
	char *expected; /* the value that was expected, as text */
	char *actual;	/* the value that was seen */
	struct source_place place;
	char *detail;	 /* more lines: diagnostics, stacks, a ladder of steps */
	char *ladder;	 /* of detail, if that is a witness: its rungs, as JSON */
	char *output;	 /* what the submission printed, cut and made valid UTF-8 */
	char *reproduce; /* a command that shows it again */
	char *witness;	 /* path of its witness, relative to the result file */
	char *schedule;	 /* what that file holds: every step of it, as JSON */
	long runs;	 /* runs or executions made */
	long failures;	 /* runs that failed; a stage may stop at the first */
	char *coverage;	 /* what was covered, in words, where the stage can say it */
};

struct criterion_result {
	char *name;
	char *title;
	char *hint;
	bool hidden;
	enum verdict verdict;
	char *blocked_by; /* name of the criterion that blocked this one, or NULL */
	long points;
	long max_points;
	struct evidence *evidence; /* in the order in which it was seen */
	size_t evidence_count;
	long duration_ms;
};

struct submitted_file {
	char *name;
	char sha256[65];
	long long bytes;
	char *text; /* what is in it, or NULL where that is too much */
};

struct result {
	char *lab;
	char *lab_title;
	char *submission; /* the student's name or the folder's */
	char *path;	  /* where it was read from, as given */
	struct submitted_file *files;
	size_t file_count;
	struct criterion_result *criteria; /* in the order of lab.yaml */
	size_t criterion_count;
	enum verdict
		verdict; /* of the whole: ERROR or INCONCLUSIVE before FAIL before PASS */
	long points;
	long max_points; /* of the criteria that could be judged */
	char *sandbox;	 /* the tier that held: "A", "B", "C", or "none" at one's own desk
			  */
	char *toolchain; /* first line of the compiler's --version */
	char *notice;  /* a warning for the reader (a degraded tier, a defect of ours), or
			  NULL */
	char seed[17]; /* 16 hex digits from which all inputs were drawn */
	char started[21]; /* 2026-01-31T12:00:00Z */
	long duration_ms;
};

/* A result with one criterion_result per criterion of the lab, all BLOCKED. Never NULL:
 * the program ends with exit code 2 when memory runs out. result_free(NULL) is legal. */
struct result *result_new(const struct lab *lab, const char *submission);

/* A whole result that says that nothing could be judged, and why: every criterion is an ERROR,
 * which costs no points. */
struct result *result_unjudged(
	const struct lab *lab, const char *submission, const char *reason);
void result_free(struct result *result);

/* Turns it into one that says that nothing was passed, and why: of who handed in nothing. */
void result_fail(struct result *result, const char *reason);

/* The index of the criterion with that name, or -1. */
int result_find(const struct result *result, const char *criterion);

/* Adds evidence to a criterion, valid until the next call for the same criterion. */
struct evidence *result_add_evidence(
	struct result *result, size_t criterion, enum stage stage, enum verdict verdict);
void evidence_set_reason(struct evidence *evidence, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Reads the evidence and sets verdicts and points. needs[] of the lab's criteria block.
 */
void result_score(struct result *result, const struct lab *lab);

/* One more line for the reader, unless it is there already. */
void result_add_notice(struct result *result, const char *notice);

/* A person's word on a criterion, with a line that says so. Points over its maximum are the
 * maximum; full points are a pass. A criterion that the result does not have changes nothing. */
void result_adjust(
	struct result *result, const char *criterion, long points, const char *notice);

/* The stored form. result_write replaces the file atomically; result_read refuses what
 * does not have the result file's schema, naming file and place. */
int result_write(const struct result *result, const char *path, struct error *error);
struct result *result_read(const char *path, struct error *error);

/* The stored form as text, which the caller frees; and a result from such a text, that
 * messages call `name`. NULL with the error set as for result_read. */
char *result_text(const struct result *result);
struct result *result_parse(
	const char *text, size_t length, const char *name, struct error *error);

#endif
