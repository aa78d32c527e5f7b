/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_POOL_BOARD_H
#define MP_SRC_POOL_BOARD_H

/*
 * The board: what a pool's owner and its workers share. Theory of operation.
 *
 * The owner writes a job into a free place of the board: a function, items, results, and one
 * state word for each chunk. Workers claim chunks, of the oldest job first. `next` is only a
 * hint where to look; the truth is the chunk's state, changed by compare-and-swap:
 *
 *	         a worker claims it                 it ends
 *	FREE, 0 --------------------> taken by w --------------> done by w
 *	   |  ^                          |
 *	   |  |  w died: its items before the one in hand are done, that one failed
 *	   |  `--- FREE, offset <--------'
 *	   |
 *	   `---> done by the owner: cancelled
 *
 * A worker also keeps in its slot which item it has in hand. So whenever it dies, the owner can
 * tell from the words that it left what was done. It learns of the death from the kernel:
 * each worker holds a lock in its slot, `life`, as long as it lives, and the owner sleeps on
 * these words, too.
 *
 *	job->ticket     who may look: a worker first writes the ticket into its slot,
 *	                then reads it here again; the owner takes the ticket away first and
 *	                reuses the memory only when no slot shows it (a hazard pointer)
 *	tally[w].done   chunks done by slot w, counted by its worker alone; recounted by
 *	                the owner from the states if that worker dies. The job is done
 *	                when the tallies add up. The last tally is the owner's
 *	submitted       changes when there is news for workers, who sleep on it
 *	returned        changes when there is news for the owner, who sleeps on it
 *
 * One owner, one slot a worker, no lock that two contend for: a death can leave nothing locked.
 */

#include <mp/lock.h>
#include <mp/pool.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	POOL_JOBS = 64,		/* jobs on the board at one time */
	POOL_MAX_WORKERS = 4096 /* more would not fit a chunk's state */
};

/* A chunk's state: the number of items done, above 16 bits that say whose it is. */
enum { CHUNK_FREE = 0 };
static inline uint64_t chunk_taken(unsigned slot)
{
	return slot * 2U + 1;
}
static inline uint64_t chunk_done(unsigned slot)
{
	return slot * 2U + 2;
}
static inline uint64_t chunk_owner(uint64_t state)
{
	return state & 0xffff;
}
static inline uint64_t chunk_offset(uint64_t state)
{
	return state >> 16;
}
static inline uint64_t chunk_state(uint64_t owner, uint64_t offset)
{
	return offset << 16 | owner;
}

struct tally {
	_Alignas(64) _Atomic uint64_t done;
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): a line for what workers change */
struct job {
	_Alignas(64) _Atomic uint64_t ticket; /* 0: not on the board */
	mp_pool_function *function;	      /* one of these two */
	mp_pool_range_function *range;
	const char *items;
	size_t item_size;
	char *results;
	size_t result_size;
	uint64_t count;
	uint64_t chunksize;
	uint64_t chunks;
	_Atomic uint64_t *states;
	struct tally *tallies;
	/* Of each item: a bit that says whether it failed, and then its code. */
	_Atomic uint64_t *failed;
	int *codes;
	_Atomic unsigned revived; /* how often the owner has made chunks FREE again */
	_Alignas(64) _Atomic uint64_t next;
	_Atomic unsigned any_failed; /* written before the first bit is */
	_Atomic unsigned swept;	     /* revived + 1, as it was when no chunk was FREE */
};

enum slot_state {
	SLOT_FORKED,	   /* the worker has not run yet */
	SLOT_INITIALIZING, /* in the initializer */
	SLOT_READY,
	SLOT_RETIRED, /* did its maxtasksperchild */
	SLOT_REFUSED  /* the initializer returned something else than 0 */
};

/* Written by the worker; by the owner when there is none. */
struct slot {
	_Alignas(64) _Atomic int state;
	_Atomic int asleep;
	_Atomic uint64_t ticket; /* the job it may look at; 0: none */
	_Atomic uint64_t item;	 /* 1 + the item in hand; 0: none */
	struct mp_lock life;	 /* held by the worker until it ends, however it does */
};

struct board {
	_Alignas(64) _Atomic unsigned submitted;
	_Atomic int stopped;   /* nothing more to do: workers end at their next look */
	_Atomic unsigned used; /* jobs lie in places below this one */
	_Alignas(64) _Atomic unsigned returned;
	_Atomic unsigned owner_waits;
	/* Written before any worker starts. */
	_Alignas(64) unsigned workers;
	unsigned maxtasksperchild;
	int (*initializer)(void *initargs);
	void *initargs;
	struct job *jobs; /* POOL_JOBS of them, behind the slots */
	struct slot slots[];
};

/* Whether every chunk of the job is done. */
static inline bool job_done(const struct job *job, unsigned workers)
{
	uint64_t done = 0;
	unsigned slot;

	for (slot = 0; slot <= workers; slot++)
		done += atomic_load(&job->tallies[slot].done);
	return done == job->chunks;
}

static inline bool job_item_failed(const struct job *job, uint64_t item)
{
	return atomic_load(&job->failed[item / 64]) >> item % 64 & 1;
}

/* Notes that count items from index failed, and makes their results zero. */
void mp_job_fail(struct job *job, uint64_t index, uint64_t count, int code);

/* Wakes up to count workers. */
void mp_board_wake_workers(struct board *board, unsigned count);

/* What a worker runs. argument: a struct worker_start, copied before anything else. */
struct worker_start {
	struct board *board;
	unsigned slot;
};
int mp_pool_worker(void *argument);

#endif
