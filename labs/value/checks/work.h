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

#include <stdatomic.h>

enum { TYPES = 10, BAD_TYPES = 5, ADDERS = 2 };

/* Ways to use a value. */
enum { SET, ADD, GET, USES };

static const char typecodes[TYPES + 1] = "bBhHiIlLqQ";
static const char bad_typecodes[BAD_TYPES] = {'x', 'a', '?', 0, 'Z'};

struct work {
	long numbers[TYPES]; /* to set, for each type */
	int made[TYPES];     /* whether value_new gave one */
	long zero[TYPES];    /* what the new value was */
	long got[TYPES];     /* what came out after the set */
	long added[TYPES];   /* what came out when half of it was set, and half added */
	int kept[TYPES];     /* whether its memory was still there after value_free */
	int refused[BAD_TYPES]; /* whether value_new gave NULL for a bad typecode */
	long times;		/* for the adders */
	long amounts[ADDERS];
	long set_to;		 /* by one process, while another one adds */
	long meanwhile;		 /* what a third one sees */
	atomic_int got_in[USES]; /* whether one used a value whose lock another held */
	atomic_int other_used; /* in how many ways a value was used whose lock was free */
	atomic_int at_the_gate; /* adders that are ready to begin */
	int gate;		/* how many must be, before any begins; 0 for no gate */
};

#endif
