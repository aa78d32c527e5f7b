/* SPDX-License-Identifier: MIT */
/*
 * What every report asks of a result: which criteria it may show and what they add up to,
 * which piece of evidence speaks for a criterion, and where in the source it points.
 *
 *	struct tally tally = tally_of(result, false);
 *	const struct evidence *why = digest_evidence(&result->criteria[i]);
 *	char *message = digest_message(result, &result->criteria[i]);
 */
#ifndef INTERLOCK_REPORT_DIGEST_H
#define INTERLOCK_REPORT_DIGEST_H

#include "score/result.h"

struct ladder;

/* Counts and points of the criteria that are shown: all, or those that are not hidden. */
struct tally {
	unsigned shown;
	unsigned count[VERDICT_COUNT];
	long points;
	long max_points; /* of those that could be judged */
};
struct tally tally_of(const struct result *result, bool hidden);

/* The evidence that speaks for the criterion's verdict: that of explore if there is any,
 * since it is the same in every grading, else the first. NULL if it was passed or
 * blocked. */
const struct evidence *digest_evidence(const struct criterion_result *criterion);

/* Where the student should look: the place of digest_evidence, or of the first other
 * evidence for the same verdict that has one. NULL if there is none. */
const struct source_place *digest_place(const struct criterion_result *criterion);

/* A place that is never empty: that of digest_place, else the line at which the witness goes
 * wrong, else the first line of what was submitted. For readers that show nothing without
 * one. The texts are the result's or static. */
struct source_place digest_location(
	const struct result *result, const struct criterion_result *criterion);

/* The witness of the criterion's failure, folded; NULL if there is none. */
struct ladder *digest_ladder(const struct criterion_result *criterion);

/* The submitted file with that name, or NULL. */
const char *digest_submitted(const struct result *result, const char *name);

/* The text of the submitted file with that name, or NULL. */
const char *digest_source(const struct result *result, const char *name);

/* The command that shows it again, from where the student stands: it has no path of the
 * grader's machine. NULL if there is none; the caller frees it. */
char *digest_reproduce(const struct result *result, const struct evidence *evidence);

/* Why the criterion was not passed, in a sentence that is never empty; "" if it was. The
 * caller frees it. */
char *digest_message(
	const struct result *result, const struct criterion_result *criterion);

/* The message and, on lines of their own, all that helps to understand it: the place, the
 * values, the detail, the hint, each cut to `most` bytes. "" for a criterion that was
 * passed. The caller frees it. */
char *digest_body(const struct result *result, const struct criterion_result *criterion,
	size_t most);

/* The same, and what the submission printed. */
char *digest_story(const struct result *result, const struct criterion_result *criterion,
	size_t most);

/* Whether the grader could say if the criterion holds; if not, its points count on
 * neither side. */
bool digest_judged(const struct criterion_result *criterion);

/* The file as seen from the folder in which interlock ran: what a tool that knows only
 * the repository can open. The caller frees it. */
char *digest_path(const struct result *result, const char *file);

#endif
