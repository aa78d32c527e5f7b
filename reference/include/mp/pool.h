/* SPDX-License-Identifier: MIT */
#ifndef MP_POOL_H
#define MP_POOL_H

/*
 * Worker processes that apply a function to many items. A worker that dies costs the
 * item that it had in hand, which is reported failed, and nothing else: it is replaced.
 *
 *	int square(const void *item, void *result);          sets *result, returns 0
 *	struct mp_pool *pool = mp_pool_new(NULL, NULL);      one worker a processor
 *	mp_pool_map(pool, square, in, sizeof(int), out, sizeof(int), 5, MP_CHUNK_AUTO);
 *	mp_pool_close(pool);
 *	mp_pool_join(pool);
 *	mp_pool_free(pool);
 *
 * Without waiting, with a source of items, and with structs for several arguments:
 *
 *	struct mp_result *result = mp_pool_map_async(
 *		pool, square, in, sizeof(int), sizeof(int), 5, MP_CHUNK_AUTO, NULL);
 *	mp_result_get(result, out);                          waits
 *	mp_result_free(result);
 *
 *	struct mp_iterator *iterator = mp_pool_imap(
 *		pool, square, next_number, &state, sizeof(int), sizeof(int), 1, NULL);
 *	while (mp_iterator_next(iterator, &number, NULL) != MP_END)
 *		...
 *	mp_iterator_free(iterator);
 *
 *	struct pair pairs[] = {{1, 2}, {3, 4}};              Python's starmap
 *	mp_pool_map(pool, add, pairs, sizeof(struct pair), sums, sizeof(int), 2, 1);
 *
 * A pool, its results and its iterators belong to the thread that made it. Others, also the
 * children of a fork, get MP_NOT_PARENT (or false, 0 and NULL, and their frees do nothing; only
 * mp_pool_free in another process lets go of that process's copy). Nothing here is for
 * signal handlers, but signals disturb no call.
 *
 * A pool has no threads of its own: dead and retired workers are seen to whenever the owner
 * calls it or waits in it, where the kernel wakes it for a death (Linux 5.16 and up to 127
 * workers; else it looks a hundred times a second). An item may fork: its child ends when
 * the function returns.
 *
 * The first workers see memory as it was when the pool was made; one that replaces another
 * sees it as it is then, as Python's do. Shared memory is the same for all: have it made
 * before the pool. What items print is written when their worker has nothing else to do, and
 * when it ends; a worker that is killed loses what was not yet written.
 *
 * Up to 64 MB of shared memory that large maps have used are kept until mp_pool_free.
 */

#include <limits.h>
#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_pool;

/* Zero in any field means the default. */
struct mp_pool_options {
	int processes;	      /* default: one for each processor, see mp_processors */
	int maxtasksperchild; /* chunks a worker does before a fresh one replaces it */
	int (*initializer)(void *initargs); /* run by every worker first; 0 is success */
	void *initargs; /* read by every worker that starts: good until the pool's end */
};

/* Let the pool choose: a quarter of an even share, so that each worker gets about four
 * chunks. */
#define MP_CHUNK_AUTO PTRDIFF_MIN

/* 0 is success; anything else is kept as the failure's code. */
typedef int mp_pool_function(const void *item, void *result);

/* The same for count items at once, which lie side by side. */
typedef int mp_pool_range_function(const void *items, void *results, size_t count);

/* Codes that are none of the function's own, one hopes. */
#define MP_CODE_CANCELLED INT_MIN  /* the item was cancelled before it began */
#define MP_CODE_LOST (INT_MIN + 1) /* its worker died, and somebody else reaped it */

/* Items that have no result: what is delivered for them is zero. */
struct mp_pool_failure {
	size_t index; /* the first */
	size_t count; /* how many: 1 unless a range function had them in hand */
	int code; /* what the function returned; the worker's end: -signal or exit code;
		     or one of the above */
};

/*
 * Starts the workers. NULL, and why in *status unless that is NULL: MP_INVALID for a
 * negative number, MP_NO_MEMORY, MP_SYSTEM, MP_IS_DAEMON. options may be NULL. The first
 * initializer that fails or dies breaks the pool: every later call answers
 * MP_INITIALIZER_FAILED.
 */
struct mp_pool *mp_pool_new(
	const struct mp_pool_options *options, int *status) MP_MUST_USE;

/*
 * results[i] = function(items[i]) for all i, by the workers, in chunks of chunksize
 * items, and waits for all. results may be NULL if result_size is 0. MP_ITEM_FAILED if
 * some items failed: the others have their results; mp_pool_failures tells which.
 * MP_INVALID: count is negative or chunksize less than 1. MP_NO_MEMORY also if no memory
 * holds so many items. MP_CLOSED after close or terminate. The starmap of Python is a map over structs.
 */
int mp_pool_map(struct mp_pool *pool, mp_pool_function *function, const void *items,
	size_t item_size, void *results, size_t result_size, ptrdiff_t count,
	ptrdiff_t chunksize) MP_MUST_USE;

/* The same for at most timeout_ms milliseconds (less than 0 counts as 0): MP_TIMEOUT. Items
 * that have not begun then never do; of the others the results are dropped. */
int mp_pool_map_timeout(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize, long timeout_ms) MP_MUST_USE;

/* The same with items and results in shared memory made before the pool: nothing is
 * copied. */
int mp_pool_map_shared(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize) MP_MUST_USE;

/* The same with one call for each chunk, for functions that are cheaper than a call. */
int mp_pool_map_range(struct mp_pool *pool, mp_pool_range_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize) MP_MUST_USE;
int mp_pool_map_range_shared(struct mp_pool *pool, mp_pool_range_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize) MP_MUST_USE;

/* What the last of the above could not do, in ascending order: up to room failures, and how
 * many there are. */
size_t mp_pool_failures(
	const struct mp_pool *pool, struct mp_pool_failure *failures, size_t room);

/* One call of the function by a worker: MP_OK, or MP_ITEM_FAILED. */
int mp_pool_apply(struct mp_pool *pool, mp_pool_function *function, const void *argument,
	size_t argument_size, void *result, size_t result_size) MP_MUST_USE;

/*
 * The same without waiting: the items are copied, the work begins, and the caller has a handle. At
 * most 64 are under way at one time: the next call waits until one of them is done. NULL and *status
 * (unless NULL) as for mp_pool_map; MP_NO_MEMORY also if the pool's memory holds too much.
 */
struct mp_result;
struct mp_result *mp_pool_map_async(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, size_t result_size, ptrdiff_t count,
	ptrdiff_t chunksize, int *status) MP_MUST_USE;
struct mp_result *mp_pool_apply_async(struct mp_pool *pool, mp_pool_function *function,
	const void *argument, size_t argument_size, size_t result_size,
	int *status) MP_MUST_USE;

/* Whether the work is done: asks without waiting. */
bool mp_result_ready(struct mp_result *result);

/* Waits until it is done. MP_TIMEOUT after timeout_ms milliseconds (less than 0 counts as 0). */
int mp_result_wait(struct mp_result *result);
int mp_result_wait_timeout(struct mp_result *result, long timeout_ms);

/*
 * Waits, and copies the results to where the caller wants them: MP_OK or MP_ITEM_FAILED as for
 * mp_pool_map, any number of times. MP_TERMINATED if the pool was terminated, or freed, first.
 */
int mp_result_get(struct mp_result *result, void *results) MP_MUST_USE;

/* The same, for at most timeout_ms milliseconds: MP_TIMEOUT. */
int mp_result_get_timeout(
	struct mp_result *result, void *results, long timeout_ms) MP_MUST_USE;

/*
 * Takes back all chunks that no worker has begun: their items fail with MP_CODE_CANCELLED. MP_BUSY
 * if there are none. If all were taken back, mp_result_get answers MP_CANCELLED.
 */
int mp_result_cancel(struct mp_result *result);

/* As mp_pool_failures, for this work; 0 while it is under way. */
size_t mp_result_failures(
	const struct mp_result *result, struct mp_pool_failure *failures, size_t room);

/* Needed for every handle, also after the pool is gone. The work is done anyway. NULL is allowed. */
void mp_result_free(struct mp_result *result);

/*
 * A map over items that are made as they are needed, and results taken one by one. next writes the
 * next item and returns true, or returns false at the end; it is called by the owner, from now
 * on and no more than a few chunks ahead of the results that were taken. NULL and *status as for
 * mp_pool_map. Goes on when the pool is closed; mp_pool_join draws all that is left.
 */
struct mp_iterator;
struct mp_iterator *mp_pool_imap(struct mp_pool *pool, mp_pool_function *function,
	bool (*next)(void *source, void *item), void *source, size_t item_size,
	size_t result_size, ptrdiff_t chunksize, int *status) MP_MUST_USE;

/* The same, with results in the order in which the chunks are done. */
struct mp_iterator *mp_pool_imap_unordered(struct mp_pool *pool,
	mp_pool_function *function, bool (*next)(void *source, void *item), void *source,
	size_t item_size, size_t result_size, ptrdiff_t chunksize,
	int *status) MP_MUST_USE;

/*
 * The same with a source that can fail: it returns MP_OK with an item, MP_END at the end, and
 * anything else if it fails. That is what mp_iterator_next answers after the results of the items
 * before. ordered: as mp_pool_imap, or as mp_pool_imap_unordered.
 */
typedef int mp_pool_source(void *source, void *item);
struct mp_iterator *mp_pool_imap_from(struct mp_pool *pool, mp_pool_function *function,
	mp_pool_source *draw, void *source, size_t item_size, size_t result_size,
	ptrdiff_t chunksize, bool ordered, int *status) MP_MUST_USE;

/*
 * The next result, and in *index (unless NULL) which item it belongs to. MP_END after the last;
 * MP_ITEM_FAILED: this item has none; MP_TIMEOUT: nothing is lost, call again.
 */
int mp_iterator_next(
	struct mp_iterator *iterator, void *result, size_t *index) MP_MUST_USE;
int mp_iterator_next_timeout(struct mp_iterator *iterator, void *result, size_t *index,
	long timeout_ms) MP_MUST_USE;

/* Needed for every iterator. Work under way is done and forgotten. NULL is allowed. */
void mp_iterator_free(struct mp_iterator *iterator);

/* Accepts no more work. MP_OK also when it is closed already. */
int mp_pool_close(struct mp_pool *pool);

/* After close: waits until all work is done and all workers have ended, and all that was
 * printed is written. MP_STILL_RUNNING before. */
int mp_pool_join(struct mp_pool *pool);

/* Kills the workers at once, whatever they do, and reaps them. What items have printed and was
 * not yet written is lost. */
int mp_pool_terminate(struct mp_pool *pool);

/*
 * Frees it. If work is under way it is terminated first; otherwise the workers are asked to end,
 * so that nothing is lost of what was printed, and killed if they are still there after two
 * seconds. NULL is allowed.
 */
void mp_pool_free(struct mp_pool *pool);

/* How many workers there are, and the id of one of them (0 <= worker < processes; else
 * 0). */
int mp_pool_processes(const struct mp_pool *pool);
pid_t mp_pool_worker_id(const struct mp_pool *pool, int worker);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
