/* SPDX-License-Identifier: MIT */
/*
 * A ring of slots in memory that two processes share: the producer puts values in, the
 * consumer gets them out in the same order. No lock, and nobody waits.
 *
 *	while (!ring_try_put(ring, value))
 *		sched_yield();
 */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { RING_MOST = 7 }; /* the largest capacity */

/* All zero but for the capacity, it is an empty ring. What the members mean is up to you, and
 * you need not use all of them. */
struct ring {
	uint16_t capacity; /* how many values it holds, 1 to RING_MOST; never changed */
	_Atomic uint16_t head;	/* where the next value is taken */
	_Atomic uint16_t tail;	/* where the next value is put */
	_Atomic uint16_t count; /* for those who count */
	uint16_t seen_head;	/* for the producer alone */
	uint16_t seen_tail;	/* for the consumer alone */
	long slots[RING_MOST + 1];
};

/* Called by the producer alone. True: the value is in the ring. False: the ring was full, and
 * is as it was. */
bool ring_try_put(struct ring *ring, long value);

/* Called by the consumer alone. True: *value is the oldest value, which is in the ring no
 * more. False: the ring was empty, and *value is as it was. */
bool ring_try_get(struct ring *ring, long *value);

#endif
