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
#include <time.h>

/* mp_lock_acquire for one that may have been put to sleep on the lock by the next. */
int mp_lock_acquire_again(struct mp_lock *lock);

/* The caller owns the lock: up to count that sleep on the word, which has this value, are woken by
 * the lock's next releases, one by each. */
void mp_lock_wake_on_release(
	struct mp_lock *lock, const _Atomic unsigned *word, unsigned value, int count);

/* Takes a free lock and never gives it up: the kernel marks it when the caller ends, and wakes one
 * that sleeps on its word. Tools are not told. Nothing in the explore build. */
void mp_lock_hold_for_life(struct mp_lock *lock);

void mp_lock_enter(struct mp_lock *lock);
/* The same for at most so long (NULL: for ever): MP_OK, or MP_TIMEOUT. */
int mp_lock_enter_until(struct mp_lock *lock, const struct timespec *deadline);
void mp_lock_leave(struct mp_lock *lock);

#endif
