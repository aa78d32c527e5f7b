/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_INNER_LOCK_H
#define MP_SRC_INNER_LOCK_H

/*
 * A lock inside another primitive that a death cannot leave half changed: the dead owner is
 * recovered without further ado. The explorer is not told of it, so that the primitive's
 * operation is one step for it; helgrind is, since it watches what the lock guards.
 *
 *	mp_lock_enter(&queue->lock);
 *	queue->put++;
 *	mp_lock_leave(&queue->lock);
 */

#include <mp/lock.h>

/* Takes a free lock and never gives it up: the kernel marks it when the caller ends, and wakes one
 * that sleeps on its word. Tools are not told. Nothing in the explore build. */
void mp_lock_hold_for_life(struct mp_lock *lock);

void mp_lock_enter(struct mp_lock *lock);
void mp_lock_leave(struct mp_lock *lock);

#endif
