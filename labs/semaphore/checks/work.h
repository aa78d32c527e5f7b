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

enum { MOST_TASKS = 6, MOST_ITEMS = 2000 };

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
	struct task tasks[MOST_TASKS];
};

/* Two buffers, in one of which something was put last, while from the other it was got. */
struct pair {
	struct work *put;
	struct work *got;
};

#endif
