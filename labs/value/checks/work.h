/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: numbers to set, and what came out.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->numbers[0] = 300;
 *	play_start("one_of_each", work);
 */
#ifndef WORK_H
#define WORK_H

#include "value.h"

#include <limits.h>
#include <stdatomic.h>

enum { TYPES = 10, EDGES = 16, CHARACTERS = UCHAR_MAX + 1, ADDERS = 2 };

/* Ways to use a value. */
enum { SET, ADD, GET, USES };

static const char typecodes[TYPES + 1] = "bBhHiIlLqQ";

/* Where processes meet they use a wide value and then a narrow one: a byte is no exception. */
enum { WIDE, NARROW, WIDTHS };

static const char width_typecodes[WIDTHS + 1] = "lB";

/* The first call after which the lock was held. */
struct held {
	int times; /* how often it was */
	int way;
	char typecode;
	long number;
};

struct work {
	long numbers[TYPES]; /* to set, for each type */
	int made[TYPES];     /* whether value_new gave one */
	long zero[TYPES];    /* what the new value was */
	long got[TYPES];     /* what came out after the set */
	int kept[TYPES];     /* whether its memory was still there after value_free */
	long after_free; /* what is there after another process has called value_free */
	long pages_left; /* how much more is mapped after values have come and gone */
	long edges[TYPES][EDGES];     /* to set and to add, for each type */
	long set_edges[TYPES][EDGES]; /* what came out after the set */
	long sums[TYPES][EDGES];      /* and when the edge from the other end was added */
	struct held held;
	int given[CHARACTERS];	  /* whether value_new gave a value for a character */
	int given_without_memory; /* whether it did when there was no memory */
	long times;		  /* for the adders, and for who has come to the end */
	long amounts[ADDERS];
	long set_to[2];		 /* by two processes, while another one adds */
	long meanwhile[WIDTHS];	 /* what one of the two sees before */
	long ends[WIDTHS];	 /* what is there in the end */
	atomic_int got_in[USES]; /* whether one used a value whose lock another held */
	atomic_int other_used; /* in how many ways a value was used whose lock was free */
	atomic_int at_the_gate; /* adders that are ready to begin */
	int gate;		/* how many must be, before any begins; 0 for no gate */
};

#endif
