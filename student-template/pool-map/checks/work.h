/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the inputs of a run, the results, and what
 * the mapped function saw.
 *
 *	struct works *works = play_shared(sizeof(*works));
 *	works->count = 1;
 *	works->work[0].count = 5;
 *	play_start("map", works);
 */
#ifndef WORK_H
#define WORK_H

#include <mp/semaphore.h>
#include <stdatomic.h>
#include <stddef.h>

enum { MOST_ITEMS = 512 };

/* What the function noted of one item. */
struct note {
	atomic_int calls;
	atomic_int process; /* that called it last, 0 for none */
};

struct work {
	int workers;
	size_t count;
	size_t chunk;
	long salt;   /* the function is item * item + salt */
	int meeting; /* if not 0: each process waits in its first call for this many */
	int others;  /* if not 0: the call for item number `slow` waits for this many */
	size_t slow;
	long deadly;		/* if not 0: the process that gets this item ends */
	int exit_code;		/* and calls exit with this; -1: is killed */
	int in_daemon;		/* pool_map is called where no process can be started */
	int patience_ms;	/* how long a call waits at most; 0: for ever */
	long items[MOST_ITEMS]; /* all different */
	long results[MOST_ITEMS];
	struct note notes[MOST_ITEMS];
	int caller; /* the process that called pool_map */
	int status; /* what pool_map returned */

	/* For the meeting: the processes that were seen in a call. */
	atomic_int arrived;
	struct mp_semaphore everyone_is_here;
	struct mp_semaphore someone_else_is_here;

	/* For the slow item: the calls outside its chunk. */
	atomic_int others_done;
	struct mp_semaphore only_the_slow_is_left;
};

/* One process calls pool_map several times, for lists of different shapes. */
enum { MOST_MAPS = 4 };

struct works {
	int count;
	int written_behind; /* into memory that is the caller's */
	struct work work[MOST_MAPS];
};

#endif
