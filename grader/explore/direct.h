/* SPDX-License-Identifier: MIT */
/*
 * Directed executions: from what the tasks did to shared memory in one execution, plans of
 * others in which one task is stopped between two of its accesses and another comes in
 * between, or in which every task of a cycle in the order of locks is stopped before its
 * second lock. What such a plan leads to is the ground for further plans.
 *
 *	while (director_plan(director, &request)) {
 *		... the execution ...
 *		director_learn(director, &trace);
 *	}
 *
 * The interruptions that count are those which no serial order explains (Lu, Tucek, Qin and
 * Zhou, "AVIO", ASPLOS 2006; Lu et al., "MUVI", SOSP 2007, for several variables). Stopping
 * and going on are changes of priority, as in PCT, at places that are chosen and not drawn.
 */
#ifndef INTERLOCK_EXPLORE_DIRECT_H
#define INTERLOCK_EXPLORE_DIRECT_H

#include "explore/trace.h"

#include <stdbool.h>

struct director;

struct director *director_new(uint64_t seed);
void director_free(struct director *director);

/* The first plan is the serial execution; false: there is nothing left to direct. */
bool director_plan(struct director *director, struct request *request);

/* What the execution planned last did. */
void director_learn(struct director *director, const struct trace *trace);

#endif
