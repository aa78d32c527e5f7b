/* SPDX-License-Identifier: MIT */
/*
 * A set of hashes: how executions ended, in memory or in what they printed.
 *
 *	struct outcomes outcomes = {0};
 *	outcomes_add(&outcomes, trace.result.outcome);
 *	... outcomes.count different ones ...
 *	outcomes_release(&outcomes);
 */
#ifndef INTERLOCK_EXPLORE_OUTCOMES_H
#define INTERLOCK_EXPLORE_OUTCOMES_H

#include <stdbool.h>
#include <stdint.h>

struct outcomes {
	uint64_t *places; /* open-addressed; 0: free */
	uint32_t count, room;
};

void outcomes_add(struct outcomes *outcomes, uint64_t outcome);
bool outcomes_have(const struct outcomes *outcomes, uint64_t outcome);
void outcomes_clear(struct outcomes *outcomes);
void outcomes_release(struct outcomes *outcomes);

#endif
