/* SPDX-License-Identifier: MIT */
/*
 * A set of hashes: how executions ended, in memory or in what they printed.
 *
 *	struct hash_set outcomes = {0};
 *	hash_set_add(&outcomes, trace.result.outcome);
 *	... outcomes.count different ones ...
 *	hash_set_release(&outcomes);
 */
#ifndef INTERLOCK_EXPLORE_HASH_SET_H
#define INTERLOCK_EXPLORE_HASH_SET_H

#include <stdbool.h>
#include <stdint.h>

struct hash_set {
	uint64_t *places; /* open-addressed; 0: free */
	uint32_t count, room;
};

void hash_set_add(struct hash_set *set, uint64_t hash);
bool hash_set_has(const struct hash_set *set, uint64_t hash);
void hash_set_clear(struct hash_set *set);
void hash_set_release(struct hash_set *set);

#endif
