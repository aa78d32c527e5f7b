/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: two rings, what is to be put into them, and what
 * came out.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->rings[0].capacity = 2;
 *	play_start("producer", work);
 *	play_start("consumer", work);
 */
#ifndef WORK_H
#define WORK_H

#include "ring.h"

enum { MOST_VALUES = 300, MOST_CALLS = 400, UNTOUCHED = -7 };

/* One call of a process that is alone. */
struct call {
	int puts;     /* else it gets */
	long value;   /* to put; or what was got */
	int returned; /* what the call returned */
};

struct work {
	struct ring rings[2];

	/* For one process alone. */
	long calls_count;
	struct call calls[MOST_CALLS];

	/* For one that puts and gets by turns, `first` + i at the i-th time. */
	long rounds;
	long first;
	long failed_in; /* the round in which something else came out, + 1 */

	/* For a producer and a consumer. */
	long count;
	long values[MOST_VALUES];
	long received[MOST_VALUES];
	int one_more; /* what the consumer is told once it has them all */

	/* For two that put into a ring each and then look into the other's. */
	int found[2];
};

#endif
