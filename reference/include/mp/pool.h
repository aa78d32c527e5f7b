/* SPDX-License-Identifier: MIT */
#ifndef MP_POOL_H
#define MP_POOL_H

/*
 * Worker processes that apply a function to many items. A worker that dies costs the item
 * that it had in hand, which is reported failed, and nothing else: it is replaced.
 *
 *	int square(const void *item, void *result)
 *	{ int x = *(const int *)item; *(int *)result = x * x; return 0; }
 *	struct mp_pool *pool = mp_pool_new(&(struct mp_pool_options){.processes = 2},
 *NULL); mp_pool_map(pool, square, in, sizeof(in[0]), out, sizeof(out[0]), 5,
 *MP_CHUNK_AUTO); mp_pool_close(pool); mp_pool_join(pool); mp_pool_free(pool);
 *
 * A pool belongs to the thread that made it; others get MP_NOT_PARENT. It has no threads
 *of its own: dead and retired workers are seen to whenever the owner calls it or waits in
 *it. Workers see memory as it was when the pool was made, plus shared memory made before
 *that.
 */

#include <mp/status.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma GCC visibility push(default)

struct mp_pool;

/* Zero in any field means the default. */
struct mp_pool_options {
	int processes;	      /* default: one for each processor */
	int maxtasksperchild; /* chunks a worker does before a fresh one replaces it */
	int (*initializer)(void *initargs); /* run by every worker first; 0 is success */
	void *initargs;
};

/* Let the pool choose: a quarter of an even share, so that each worker gets about four
 * chunks. */
#define MP_CHUNK_AUTO PTRDIFF_MIN

/* 0 is success; anything else is kept as the failure's code. */
typedef int mp_pool_function(const void *item, void *result);

/* The same for count items at once, which lie side by side. */
typedef int mp_pool_range_function(const void *items, void *results, size_t count);

/* Items that have no result. */
struct mp_pool_failure {
	size_t index; /* the first */
	size_t count; /* how many: 1 unless a range function had them in hand */
	int code; /* what the function returned, or the worker's end: -signal or exit code
		   */
};

/*
 * Starts the workers. NULL, and why in *status unless that is NULL: MP_INVALID for a
 * negative number, MP_NO_MEMORY, MP_SYSTEM, MP_IS_DAEMON. options may be NULL. The first
 * initializer that fails or dies breaks the pool: every later call answers
 * MP_INITIALIZER_FAILED.
 */
struct mp_pool *mp_pool_new(const struct mp_pool_options *options, int *status);

/*
 * results[i] = function(items[i]) for all i, by the workers, in chunks of chunksize
 * items, and waits for all. results may be NULL if result_size is 0. MP_ITEM_FAILED if
 * some items failed: the others have their results; mp_pool_failures tells which.
 * MP_INVALID: count is negative or chunksize less than 1. MP_CLOSED after close or
 * terminate. The starmap of Python is a map over structs.
 */
int mp_pool_map(struct mp_pool *pool, mp_pool_function *function, const void *items,
	size_t item_size, void *results, size_t result_size, ptrdiff_t count,
	ptrdiff_t chunksize);

/* The same with items and results in shared memory made before the pool: nothing is
 * copied. */
int mp_pool_map_shared(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize);

/* The same with one call for each chunk, for functions that are cheaper than a call. */
int mp_pool_map_range(struct mp_pool *pool, mp_pool_range_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize);
int mp_pool_map_range_shared(struct mp_pool *pool, mp_pool_range_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize);

/* What the last of the above could not do: up to room failures, and how many there were.
 */
size_t mp_pool_failures(
	const struct mp_pool *pool, struct mp_pool_failure *failures, size_t room);

/* Accepts no more work. MP_OK also when it is closed already. */
int mp_pool_close(struct mp_pool *pool);

/* After close: waits until all work is done and all workers have ended. MP_STILL_RUNNING
 * before. */
int mp_pool_join(struct mp_pool *pool);

/* Kills the workers at once, whatever they do, and reaps them. */
int mp_pool_terminate(struct mp_pool *pool);

/* Terminates it if need be and frees it. NULL is allowed. */
void mp_pool_free(struct mp_pool *pool);

/* How many workers there are, and the id of one of them (0 <= worker < processes; else
 * 0). */
int mp_pool_processes(const struct mp_pool *pool);
pid_t mp_pool_worker_id(const struct mp_pool *pool, int worker);

#pragma GCC visibility pop

#endif
