/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: the buffer, and what each process puts or got.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->capacity = 4;
 *	play_start("alone", work);
 */
#ifndef WORK_H
#define WORK_H

#include "buffer.h"

#include <stdatomic.h>

enum { MOST_TASKS = 6, MOST_ITEMS = 2000, MOST_CALLS = 8 };

/* What one process does: puts `count` items, or gets `count` items. */
struct task {
	struct work *work;
	long count;
	long done; /* calls that have returned */
	long items[MOST_ITEMS];
};

struct work {
	struct buffer buffer;
	int capacity;
	int rounds;		/* of the process alone: fill and empty so many times */
	int batch;		/* putting so many before it gets them */
	atomic_int at_the_gate; /* processes that are ready to begin */
	int gate;		/* how many must be, before any begins; 0 for no gate */
	int producers;		/* tasks from 0 */
	int consumers;		/* tasks behind those */
	struct task tasks[MOST_TASKS];
};

/* One place for all, and behind that a buffer where each place and each item is told of. */
struct waits {
	struct work *one_place;
	struct work *told;
};

/* Buffers with which a process does the same, but with each one call more than with the one
 * before: it fills the buffer and empties it. */
struct walk {
	int count;
	struct work *works[MOST_CALLS];
};

#endif
