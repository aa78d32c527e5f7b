/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_POOL_OWNER_H
#define MP_SRC_POOL_OWNER_H

/*
 * The owner's half of a pool: its workers (pool.c), its jobs (pool_job.c), and the
 * calls that are made of jobs (pool_map.c). All of it is private memory of the owner.
 *
 *	status = mp_pool_submit(pool, &work, &result);
 *	status = mp_result_await(result, NULL);
 *	mp_result_discard(result);
 */

#include "pool_board.h"
#include "pool_memory.h"

#include <mp/process.h>
#include <time.h>

struct worker_process {
	struct mp_process process;
	struct worker_start start;
	bool running;
};

/* Items that have no result. */
struct failures {
	struct mp_pool_failure *list; /* NULL if none are kept */
	size_t kept;
	size_t counted; /* may be more than are kept */
};

struct mp_pool {
	pid_t owner;
	struct memory memory; /* all that is shared; its first extent is the board */
	struct board *board;
	unsigned processes;
	struct worker_process *workers;
	unsigned stillborn; /* workers in a row that died before they were ready */
	bool closed;
	bool ended;		   /* joined or terminated: no workers are left */
	int broken;		   /* MP_OK, or what every call answers from now on */
	uint64_t newest;	   /* the next ticket */
	struct mp_result *results; /* all that exist, the oldest first */
	struct failures failures;  /* of the last map that waited */
};

/* What a caller wants done. */
struct work {
	mp_pool_function *function;
	mp_pool_range_function *range;
	const void *items;
	size_t item_size;
	void *results;
	size_t result_size;
	ptrdiff_t count;
	ptrdiff_t chunksize;
	bool shared; /* items and results lie where the workers see them */
};

struct mp_result {
	struct mp_pool *pool; /* NULL once the pool is freed */
	struct mp_result *next;
	uint64_t ticket; /* 0: never was on the board */
	bool on_board;	 /* workers may still do chunks of it */
	bool discarded;	 /* the caller is through with it */
	bool done;
	int status; /* once done */
	struct job *job;
	struct extent *extent; /* the job's notes, and copies of items and results */
	char *copied_results;  /* NULL: they are in place */
	void *results;
	size_t result_bytes;
	struct failures failures;
};

/* pool.c */
/* MP_OK if the caller owns the pool and it is not broken. */
int mp_pool_check(const struct mp_pool *pool);
/* Sees to workers that retired, failed to start or, if thorough, died. */
void mp_pool_tend(struct mp_pool *pool, bool thorough);
void mp_pool_stop(struct mp_pool *pool, bool kill);

/* pool_failures.c */
void mp_failures_read(struct failures *failures, const struct job *job);
/* Adds some of a job whose items begin at the index `first` of all. */
void mp_failures_add(struct failures *all, const struct failures *some, size_t first);
/* As mp_pool_failures. */
size_t mp_failures_copy(
	const struct failures *failures, struct mp_pool_failure *list, size_t room);
void mp_failures_forget(struct failures *failures);

/* pool_job.c */
int mp_pool_submit(
	struct mp_pool *pool, const struct work *work, struct mp_result **result);
/* MP_OK: it is done (its status is in it); MP_TIMEOUT. deadline NULL: for ever. */
int mp_result_await(struct mp_result *result, const struct timespec *deadline);
/* Looks once, without waiting. */
bool mp_result_look(struct mp_result *result);
void mp_result_discard(struct mp_result *result);
/* The worker of this slot is dead, with this exit code: puts its chunks in order. */
void mp_pool_bury(struct mp_pool *pool, unsigned slot, int code);
/* All jobs end now, with this status. */
void mp_pool_abandon_jobs(struct mp_pool *pool, int status);
/* Frees every result that is not the caller's; detaches the others. */
void mp_pool_free_results(struct mp_pool *pool);
/* Waits for news from the workers. MP_TIMEOUT: the deadline has passed. */
int mp_pool_wait_for_news(
	struct mp_pool *pool, unsigned seen, const struct timespec *deadline);

#endif
