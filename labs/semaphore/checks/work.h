/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the buffer, and what each process puts or got.
 *
 *	struct notes *notes = play_notes(sizeof(*notes));
 *	notes->party.tasks[0].work = play_shared(sizeof(struct work));
 *	play_start("alone", &notes->party);
 */
#ifndef WORK_H
#define WORK_H

#include "buffer.h"

#include <stdatomic.h>

enum { MOST_TASKS = 6, MOST_ITEMS = 2000, MOST_CALLS = 8 };

struct work {
	struct buffer buffer;
	atomic_int at_the_gate; /* processes that are ready to begin */
};

/* What one process does: puts `count` items, or gets `count` items. */
struct task {
	struct work *work;
	int gate; /* how many must be ready, before any begins; 0 for no gate */
	int count;
	atomic_int done;	       /* calls that have returned */
	atomic_long items[MOST_ITEMS]; /* that it puts, or got */
};

/* Who uses a buffer. */
struct party {
	int capacity;  /* of the buffer */
	int producers; /* tasks from 0 */
	int consumers; /* tasks behind those */
	int rounds;    /* of the process alone: fill and empty so many times */
	int batch;     /* putting so many before it gets them */
	struct task tasks[MOST_TASKS];
};

/* Buffers with which a process does the same, but with each one call more than with the one
 * before: it fills the buffer and empties it. */
struct walk {
	int capacity;
	int count;
	struct work *works[MOST_CALLS];
};

/* The plan and what came of it, which lie where an answer cannot write (play_notes). */
struct notes {
	struct party party;
	struct party told; /* a buffer where each place and each item is told of */
	struct walk walk;
};

#endif
