/* SPDX-License-Identifier: MIT */
/*
 * Shows what was found: the defect in words and the witness as a ladder (ladder/ladder.h).
 *
 *	witness_print(stdout, finding, symbols, 80);
 */
#ifndef INTERLOCK_EXPLORE_WITNESS_H
#define INTERLOCK_EXPLORE_WITNESS_H

#include "explore/explore.h"
#include "explore/names.h"
#include "explore/symbols.h"

#include <stdio.h>

struct json_t;

/* One defect in a few lines: what, where, who else. */
void defect_print(FILE *out, const struct finding *finding, struct symbols *symbols);

/* All that was found, `first` first; its witness gives things their names. Races between the
 * same lines are told once. */
void findings_print(FILE *out, const struct finding *findings, uint32_t count,
	const struct finding *first, struct symbols *symbols);

/* The ladder, in lines of at most `width` columns. */
void witness_print(
	FILE *out, const struct finding *finding, struct symbols *symbols, size_t width);

/* The finding with its steps and schedule, as JSON; the caller owns the reference. */
struct json_t *finding_json(
	const struct finding *finding, struct symbols *symbols, bool with_witness);

/* Writes to `text` what the task is called: "P2", "T3". */
void task_name(const struct trace *trace, uint32_t task, char *text, size_t size);

/* Where the source has the first of these addresses that it knows. */
bool place_of(struct symbols *symbols, uint64_t pc, const uint64_t callers[CALLERS_MAX],
	struct place *place);

/* The line of the submission, not of what has it run, at which the defect shows, or one who
 * is part of it waits. */
bool defect_place(
	const struct defect *defect, struct symbols *symbols, struct place *place);

/* It only says how the tasks came to be and went: the reader has the columns. Of a library's
 * own steps those count that the program asked for. */
bool step_says_nothing(const struct step *step, struct symbols *symbols);

#endif
