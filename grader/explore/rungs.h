/* SPDX-License-Identifier: MIT */
/*
 * The ladder of a finding: its witness, step by step, in the program's own words, folded to what
 * a person can read.
 *
 *	struct ladder *ladder = ladder_of(finding, symbols);
 */
#ifndef INTERLOCK_EXPLORE_RUNGS_H
#define INTERLOCK_EXPLORE_RUNGS_H

#include "explore/explore.h"
#include "explore/symbols.h"
#include "ladder/ladder.h"

/* The caller frees it. A finding about all executions has a ladder without rungs. */
struct ladder *ladder_of(const struct finding *finding, struct symbols *symbols);

/* What a step of that kind does, in a word or two: "lock", "wait for child". */
const char *step_name(unsigned kind);

/* Whether such a step only ends a task, or waits for the end of another. */
bool step_only_ends(uint8_t kind);

#endif
