/* SPDX-License-Identifier: MIT */
/*
 * A list worked through by several processes.
 *
 *	long items[5] = {1, 2, 3, 4, 5};
 *	long *results = mp_shared_new(sizeof(items));
 *	pool_map(2, square, items, results, 5, 1);
 *	for (int i = 0; i < 5; i++)
 *		printf("%ld\n", results[i]);
 */
#ifndef POOL_MAP_H
#define POOL_MAP_H

#include <mp/lock.h>
#include <mp/process.h>
#include <mp/shared.h>

#include <stddef.h>

/* Computes results[i] = function(items[i]) for every i below count, each exactly once, in
 * exactly `workers` new processes (1 or more) that work at the same time; those for which
 * there is no chunk may be left out. A worker that has nothing to do takes the next `chunk`
 * items (1 to 1000000) in one go, and computes them all itself; the last chunk may be
 * shorter. results lies in shared memory; items need not.
 *
 * Returns 0 when every result is there, -1 if that could not be done: for example, if a
 * worker could not be started, or did not return from function but was killed or called
 * exit(EXIT_SUCCESS) or exit(EXIT_FAILURE). Whatever it returns, no worker is left. Who has
 * to wait, caller or worker, sleeps. */
int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk);

#endif
