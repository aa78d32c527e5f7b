/* SPDX-License-Identifier: MIT */
/*
 * The states that a search saw, who stepped from one to the next, and whether the tasks can go
 * round in them for ever: a livelock, in which each undoes what the others did.
 *
 *	uint32_t state = graph_state(graph, step, item, index);
 *	graph_edge(graph, before, state, &edge);
 *	if (graph_livelock(graph, &cycle))
 *		... cycle.steps choices, from the state cycle.start ...
 *
 * A cycle counts if every task that could run somewhere on it also steps on it (fairness: no
 * scheduler has to neglect anybody), if each of them changes something on the way (one that
 * only tries in vain is starved, which a fair lock would mend), and if no time has to stand
 * still for it: nobody sleeps or waits with a deadline.
 */
#ifndef INTERLOCK_EXPLORE_GRAPH_H
#define INTERLOCK_EXPLORE_GRAPH_H

#include "explore/trace.h"

#include <stdbool.h>
#include <stdint.h>

#define GRAPH_NONE UINT32_MAX

struct graph;

struct graph *graph_new(void);
void graph_free(struct graph *graph);

/* The state before that step, which execution `item` of the search reached as its step number
 * `index`; the same again if it was seen before. GRAPH_NONE if there is no room. */
uint32_t graph_state(
	struct graph *graph, const struct step *step, uint32_t item, uint32_t index);

/* The steps that led from one state to the next: the first is the choice in `from`. */
void graph_edge(struct graph *graph, uint32_t from, uint32_t to, const struct step *steps,
	uint32_t count);

/* A way from a state back to itself. */
struct cycle {
	uint32_t item, index; /* where the search first saw that state */
	uint32_t length;      /* steps */
	uint32_t choices_count;
	struct {
		uint32_t step; /* of the cycle, from 0 */
		uint16_t task;
	} * choices;
};

/* True if there is a livelock; the cycle found then has to be released. */
bool graph_livelock(const struct graph *graph, struct cycle *cycle);
void cycle_release(struct cycle *cycle);

#endif
