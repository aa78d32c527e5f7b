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

/* Items that have no result, in ascending order. */
struct failures {
	struct mp_pool_failure *list;
	size_t count;
	size_t room;
	bool all_cancelled; /* no item was begun */
};

struct mp_pool {
	unsigned owner; /* the thread that made it, and its process */
	pid_t process;
	struct memory memory; /* all that is shared; its first extent is the board */
	struct board *board;
	unsigned processes;
	struct worker_process *workers;
	unsigned stillborn; /* workers in a row that died before they were ready */
	bool closed;
	bool ended;	 /* joined or terminated: no workers are left */
	int broken;	 /* MP_OK, or what every call answers from now on */
	uint64_t newest; /* the next ticket */
	struct timespec
		next_look; /* when all workers are looked at, whatever was heard */
	struct mp_result *places[POOL_JOBS]; /* whose job lies there; NULL: free */
	struct mp_result *results;	     /* all that exist */
	struct mp_iterator *iterators;	     /* all that exist */
	struct failures failures;	     /* of the last map that waited */
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
	bool shared;  /* items and results lie where the workers see them */
	bool ongoing; /* of an iterator, which goes on when the pool is closed */
};

struct mp_result {
	unsigned owner;
	struct mp_pool *pool; /* NULL once the pool is freed */
	struct mp_result *next;
	struct mp_result *previous;
	uint64_t ticket; /* 0: never was on the board */
	bool on_board;	 /* workers may still do chunks of it */
	bool discarded;	 /* the caller is through with it */
	bool done;
	int status;	       /* once done */
	struct job *job;       /* its place on the board; NULL once that is free again */
	struct extent *extent; /* the job's notes, and copies of items and results */
	char *copied_results;  /* NULL: they are in place */
	void *results;
	size_t result_bytes;
	struct failures failures;
};

/* pool.c */
/* MP_NOT_PARENT for all but the thread that made it. */
int mp_pool_check_owner(unsigned owner);
/* MP_OK if the caller owns the pool and it is not broken. */
int mp_pool_check(const struct mp_pool *pool);
/* Sees to workers that died, as the kernel told; thorough: looks at each of them. */
void mp_pool_tend(struct mp_pool *pool, bool thorough);

/* pool_wait.c: waits for news from the workers. MP_TIMEOUT: the deadline has passed. */
int mp_pool_wait_for_news(
	struct mp_pool *pool, unsigned seen, const struct timespec *deadline);
/* Whether the kernel has told of the end of the worker in this slot. */
bool mp_slot_is_dead(const struct slot *slot);

/* pool_failures.c. MP_NO_MEMORY */
int mp_failures_read(struct failures *failures, const struct job *job);
/* Adds those of a job whose items begin at the index `first` of all. */
int mp_failures_add(struct failures *all, const struct failures *some, size_t first);
/* As mp_pool_failures. */
size_t mp_failures_copy(
	const struct failures *failures, struct mp_pool_failure *list, size_t room);
void mp_failures_forget(struct failures *failures);

/* pool_job.c */
/* MP_OK unless the work cannot be done by anybody. */
int mp_pool_check_work(const struct mp_pool *pool, const struct work *work);
int mp_pool_submit(
	struct mp_pool *pool, const struct work *work, struct mp_result **result);
/* MP_OK: it is done (its status is in it); MP_TIMEOUT. deadline NULL: for ever. */
int mp_result_await(struct mp_result *result, const struct timespec *deadline);
/* Looks once, without waiting. */
bool mp_result_look(struct mp_result *result);
void mp_result_discard(struct mp_result *result);
/* Whether a job is not yet done. */
bool mp_pool_at_work(struct mp_pool *pool);
/* All jobs end now, with this status. */
void mp_pool_abandon_jobs(struct mp_pool *pool, int status);
/* Frees every result that is not the caller's; detaches the others. */
void mp_pool_free_results(struct mp_pool *pool);

/* pool_mend.c */
/* The worker of this slot is dead, with this exit code: puts its chunks in order. */
void mp_pool_bury(struct mp_pool *pool, unsigned slot, int code);
/* Takes back all chunks that nobody has begun. Whether there were any. */
bool mp_job_cancel(struct job *job, unsigned workers);

/* pool_imap.c */
/* Draws and submits all that is left of every source. */
int mp_pool_draw_all(struct mp_pool *pool);
void mp_pool_forget_iterators(struct mp_pool *pool);

#endif
