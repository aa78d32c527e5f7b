/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the lists that a pool works through, and apart
 * from them what the function saw of each item.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->workers = 2;
 *	work->maps_count = 1;
 *	work->maps[0].count = 5;
 *	play_start("use", work);
 */
#ifndef WORK_H
#define WORK_H

#include "pool.h"

#include <mp/semaphore.h>
#include <stdatomic.h>
#include <stddef.h>

/* How long a meeting waits for one that should not be there. */
enum { MOMENT_MS = 5 };
enum { MOST_ITEMS = 160, MOST_MAPS = 4, ITEM_SPREAD = 1000, MODULUS = 1000003 };

/* What happens to a worker at an item. */
enum fate { LIVES, IS_KILLED, CALLS_EXIT };

struct map {
	size_t count;
	size_t chunk;
	/* An item is (number of the map * MOST_ITEMS + index) * ITEM_SPREAD + 1 to
	 * ITEM_SPREAD - 1. */
	long items[MOST_ITEMS];
	struct pool_result results[MOST_ITEMS + 1]; /* one more than there are */
	struct mp_semaphore nobody_releases_it;
	long returned;
	long called_ms;	   /* when pool_map was called */
	long milliseconds; /* that it took */

	/* For the meeting, and for the slow item. */
	struct mp_semaphore everyone_is_here;
	struct mp_semaphore someone_else_is_here;
	struct mp_semaphore only_the_slow_is_left;
};

/* What the function does at which item. It lies with the notes, since an answer that could
 * write here would choose for itself what is seen of it. */
struct conduct {
	size_t chunk;
	enum fate fates[MOST_ITEMS];
	int takes_ms; /* how long the call sleeps, for each item below `slow_count` */
	size_t slow_count;
	/* If not 0: each process waits in its first call until this many are in theirs. */
	int meeting;
	/* If not 0: the call for item number `slow` waits for this many of other chunks. */
	int others;
	size_t slow;
};

struct work {
	int workers;
	int maxtasksperchild;
	/* The function of the maps 0, 2, ... is item * factor modulo MODULUS. That of the
	 * others is one more. */
	long factor;
	int exit_code;
	int most_prepared; /* calls of the initializer; more is a pool that never ends */
	int patience_ms;   /* how long calls wait for others at most; 0: for ever */
	int maps_count;
	/* Maps 0, 2, ... go to another pool, that is there at the same time: one worker at a
	 * time, each for one chunk, without an initializer. */
	int two_pools;
	struct map maps[MOST_MAPS];

	int no_pool; /* pool_create returned NULL */
};

/* What the function and the initializer saw, which lies where an answer cannot write
 * (play_notes). An answer can write on the semaphores that calls wait for, so what is believed
 * was counted after the wait. */
struct note {
	atomic_int calls;
	atomic_int worker; /* the number of the process that called it last, from 1 */
	/* How often that process had called the initializer with the right argument. */
	atomic_int prepared;
	atomic_int begun_ms; /* after pool_map was called; only of one that takes time */
};

struct seen {
	struct conduct conduct; /* written by the referee, before the run */
	atomic_int arrived;	/* processes that came to the meeting */
	atomic_int company; /* of each that left it: how many had come; all added up */
	atomic_int others_done; /* calls outside the chunk of the slow item */
	atomic_int done_before; /* of these: when the slow item's call went on */
	struct note items[MOST_ITEMS];
};

struct notes {
	atomic_int caller;	     /* the process that calls pool_map */
	atomic_int workers_seen;     /* processes that called the function */
	atomic_int workers_late;     /* of these: started when pool_create had returned */
	atomic_int workers_flushed;  /* of these: wrote what was in their buffers */
	atomic_int prepared;	     /* calls of the initializer */
	atomic_int workers_prepared; /* processes that called it */
	atomic_int strangers;	     /* calls for what is no item */
	struct seen maps[MOST_MAPS];
};

#endif
