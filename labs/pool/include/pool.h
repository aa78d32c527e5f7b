/* SPDX-License-Identifier: MIT */
/*
 * A pool of processes that work through lists, and that survives the death of any of them.
 *
 *	struct pool_result *results = mp_shared_new(5 * sizeof(*results));
 *	long *items = mp_shared_new(5 * sizeof(*items));
 *	struct pool *pool = pool_create(2, 0, NULL, NULL);
 *	pool_map(pool, square, items, results, 5, 1);
 *	pool_close(pool);
 */
#ifndef POOL_H
#define POOL_H

#include <mp/condition.h>
#include <mp/lock.h>
#include <mp/process.h>
#include <mp/semaphore.h>
#include <mp/shared.h>

#include <stddef.h>

struct pool; /* yours: pool.c says what is in it */

struct pool_result {
	long value;
	int failed; /* 1 if a worker died of this item: there is no value then */
};

/* A pool of `workers` (1 or more) new processes, which it starts and which wait for work.
 * Each of them calls initializer(argument) once, before its first item, unless initializer
 * is NULL. After `maxtasksperchild` chunks a worker ends and a new one takes its place; 0
 * means never. NULL if that could not be done. There may be several pools at a time. */
struct pool *pool_create(int workers, int maxtasksperchild,
	void (*initializer)(void *argument), void *argument);

/* Computes results[i].value = function(items[i]) for every i below count, each once. A
 * worker that has nothing to do takes the next `chunk` items (1 or more) in one go, and
 * computes them all; only the last chunk may be shorter. The caller computes nothing itself.
 * items and results lie in shared memory that was there before the pool. Each list may have
 * another function.
 *
 * A worker may die of an item, by a signal or by calling exit, with any exit code. That
 * item is marked as failed and not tried again. All other items are computed, also those
 * that the dead worker had taken and not begun, and a new worker takes its place, which
 * calls the initializer first. Whether what a dead worker has left counts as a chunk of
 * whoever computes it, for maxtasksperchild, is up to you. Such a death is noticed within
 * 100 ms, whatever the other workers do; nothing else may take time in which nobody works,
 * and who waits sleeps. Workers die of items alone: one that has none is killed by nobody.
 *
 * Returns when every item is computed or failed: the number of items of this list that
 * failed, or -1 if it could not be done. The pool can then be given the next list. */
long pool_map(struct pool *pool, long (*function)(long item), const long *items,
	struct pool_result *results, size_t count, size_t chunk);

/* Lets the workers end, each by itself, waits for all of them and frees the pool. No process
 * is left, and none was killed. */
void pool_close(struct pool *pool);

#endif
