/* SPDX-License-Identifier: MIT */
/*
 * What atomics do under RC11, the newest value lying in memory:
 *
 *	if (history_store(pointer, 4, order, value))
 *		*pointer = value;
 *
 * Each is called with the step of the access taken, and may log choices behind it.
 */
#ifndef INTERLOCK_EXPLORE_HISTORY_H
#define INTERLOCK_EXPLORE_HISTORY_H

#include "runtime.h"

bool order_acquires(int order);
bool order_releases(int order);
bool order_is_sequential(int order);

uint64_t history_load(const volatile void *pointer, unsigned size, int order);

/* False: it was put before another store, and memory stays as it is. */
bool history_store(
	const volatile void *pointer, unsigned size, int order, uint64_t value);

/* The newest store is read, and followed by this one. */
void history_update(
	const volatile void *pointer, unsigned size, int order, uint64_t value);

/* True: an update has to follow. False: `found` has been read instead. */
struct comparison {
	uint64_t expected, found;
	int failure; /* the order of a failure's load */
	bool weak;   /* it may fail for no reason */
};
bool history_compare(
	const volatile void *pointer, unsigned size, struct comparison *wanted);

void history_fence(int order);

/* Something else than an atomic operation is done to that memory. */
void history_end(uint64_t key, size_t size);

/* For the state's hash: what may still be read, and what comes after an access. */
uint64_t history_hash(void);
uint64_t history_after(const struct record *record, uint64_t hash);

#endif
