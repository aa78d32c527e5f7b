/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the inputs of a run and the results, and apart
 * from them what the mapped function saw.
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

struct work {
	int workers;
	size_t count;
	size_t chunk;
	long salt;		/* the function is item * item + salt */
	int in_daemon;		/* pool_map is called where no process can be started */
	int patience_ms;	/* how long a call waits at most; 0: for ever */
	long items[MOST_ITEMS]; /* all different */
	long results[MOST_ITEMS];
	int status; /* what pool_map returned */

	/* For the meeting. */
	struct mp_semaphore everyone_is_here;
	struct mp_semaphore someone_else_is_here;

	/* For the slow item. */
	struct mp_semaphore only_the_slow_is_left;
};

/* One process calls pool_map several times, for lists of different shapes. */
enum { MOST_MAPS = 4 };

struct works {
	int count;
	int written_behind; /* into memory that is the caller's */
	struct work work[MOST_MAPS];
};

/* What the function does at which item. It lies with the notes, since an answer that could
 * write here would choose for itself what is seen of it. */
struct plan {
	size_t count;
	size_t chunk;
	long items[MOST_ITEMS];
	int meeting; /* if not 0: each process waits in its first call for this many */
	int others;  /* if not 0: the call for item number `slow` waits for this many */
	size_t slow;
	long deadly;   /* if not 0: the process that gets this item ends */
	int exit_code; /* and calls exit with this; -1: is killed */
};

/* What the function saw, which lies where an answer cannot write (play_notes). An answer
 * can write on the semaphores that calls wait for, so what is believed was counted after the
 * wait. */
struct note {
	atomic_int calls;   /* for this item */
	atomic_int process; /* that called it last, 0 for none */
};

struct seen {
	struct plan plan;   /* written by the referee, before the run */
	atomic_int caller;  /* the process that called pool_map */
	atomic_int arrived; /* processes that came to the meeting */
	atomic_int company; /* of each that left it: how many had come; all added up */
	atomic_int others_done; /* calls outside the chunk of the slow item */
	atomic_int done_before; /* of these: when the slow item's call went on */
	struct note items[MOST_ITEMS];
};

/* Of each map. */
struct notes {
	struct seen maps[MOST_MAPS];
};

#endif
