/* SPDX-License-Identifier: MIT */
/*
 * A counter that several processes use at once. It lies in memory that all of them share.
 *
 *	struct counter *counter = mp_shared_new(sizeof(*counter));
 *	counter_add(counter, 1000);
 */
#ifndef COUNTER_H
#define COUNTER_H

#include <mp/lock.h>

/* All-zero memory is a counter at 0 with an unlocked lock. */
struct counter {
	struct mp_lock lock; /* guards count */
	long count;
};

/* Adds 1 to the count, `times` times; other processes may do the same in between. When it
 * returns, the lock is not held. */
void counter_add(struct counter *counter, long times);

#endif
