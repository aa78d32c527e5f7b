/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the lock, who is inside, and what was seen.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	rwlock_init(&work->lock);
 *	play_start("read", work);
 */
#ifndef WORK_H
#define WORK_H

#include "rwlock.h"

#include <stdatomic.h>

enum { MEETING = 3 };

struct work;

/* One of those who meet inside, and how often the others have come in. */
struct guest {
	struct work *work;
	int number;
	struct mp_semaphore here;
};

struct work {
	struct rwlock lock;
	long rounds;		    /* of each reader and writer */
	struct mp_semaphore inside; /* somebody is in and stays there */
	struct mp_semaphore go_on;  /* it may leave */
	struct mp_semaphore wants;  /* a writer wants to write */
	struct mp_semaphore left;   /* the reader has left */
	struct guest guests[MEETING];
};

/* What was seen, which lies where an answer cannot write (play_notes). */
struct notes {
	atomic_int reading;	/* inside, to read */
	atomic_int writing;	/* inside, to write */
	atomic_int wanted;	/* a bit for each writer that has said so */
	atomic_int been;	/* a bit for each of those that has been inside */
	atomic_int reads;	/* times that somebody read */
	atomic_int writes;	/* times that somebody wrote */
	atomic_int met_writer;	/* readers that found a writer inside */
	atomic_int met_anybody; /* writers that found somebody inside */
	atomic_int overtaken;	/* readers that were in before an earlier writer */
	atomic_int staying;	/* somebody is inside for ever */
	atomic_int came_in;	/* and somebody else got in all the same */
	atomic_int met;		/* times that one of those who meet came in */
	atomic_int left_alone;	/* times that one of them left, and not all had come */
};

#endif
