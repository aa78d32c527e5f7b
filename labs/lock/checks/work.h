/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: both locks, what they guard, and what they
 * answered.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->turns = 2;
 *	play_start("futex_worker", work);
 */
#ifndef WORK_H
#define WORK_H

#include "futex_lock.h"
#include "sem_lock.h"

#include <mp/semaphore.h>
#include <stdatomic.h>
#include <stdint.h>

enum { MOST_WORKERS = 4, MOST_ANSWERS = 8 };

struct work {
	struct sem_lock sem_lock;
	struct futex_lock futex_lock;
	int workers; /* how many want the lock */
	long turns;  /* of each */
	atomic_int at_the_gate;
	int gate; /* how many must be there before any begins; 0 for no gate */

	int pauses;		   /* each update is interrupted */
	int signals;		   /* how many a process gets that waits */
	struct mp_semaphore held;  /* released when one holds the lock, or is to wait */
	struct mp_semaphore never; /* released by nobody */

	/* Guarded by the lock that is tried. */
	long updates;
	long half_changed; /* by an owner that died */
};

/* What was seen, which lies where an answer cannot write (play_notes). */
struct notes {
	atomic_int updates;	     /* that were made */
	atomic_int died;	     /* the last owner did */
	atomic_int not_told;	     /* owners after a death that were not told of it */
	atomic_int told_for_nothing; /* those told though the last one had not died */
	atomic_int
		answers[MOST_ANSWERS]; /* of the calls of one process, in their order */
	atomic_int passed_ms;	       /* while one process was alone */
};

#endif
