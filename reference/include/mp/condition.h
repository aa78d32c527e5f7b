/* SPDX-License-Identifier: MIT */
#ifndef MP_CONDITION_H
#define MP_CONDITION_H

/*
 * Waiting, with a lock held, until another process says that what the lock guards has changed.
 * Zeroed memory is a condition nobody waits for. It must lie in shared memory, with its lock.
 *
 *	mp_lock_acquire(&box->lock);
 *	while (box->empty)                            in a loop: see below
 *		mp_condition_wait(&box->filled, &box->lock);
 *	box->empty = true;
 *	mp_lock_release(&box->lock);
 *
 * The one that fills the box sets empty to false and calls mp_condition_notify, both with the lock
 * held. A wait may return although nobody notified it (after a death, for example), and the
 * condition may be gone again when it returns: always test it in a loop. Notifications are
 * not lost to processes that were killed.
 *
 * The lock may be that of an mp_rlock (&rlock.lock): a wait gives it up whole, however often it
 * is held, and has it again as often. Any process or thread that holds the lock may make any
 * of these calls; not for signal handlers. A timeout ends the wait; the lock is then acquired
 * again, and a peer that is stopped while it holds it keeps the caller from returning.
 */

#include <mp/language.h>
#include <mp/lock.h>
#include <stdbool.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_condition {
	MP_ATOMIC(unsigned) sequence;
	/* Guarded by the caller's lock: */
	unsigned tail;	  /* the next waiter's ticket */
	unsigned limit;	  /* tickets before this one may take a token */
	unsigned tokens;  /* notifications not yet taken */
	unsigned waiting; /* waiters, and those that died waiting */
};

int mp_condition_init(struct mp_condition *condition);

/*
 * Releases the lock, waits to be notified, and acquires the lock again: with MP_OK, MP_TIMEOUT and
 * MP_OWNER_DIED the caller holds it again. MP_OWNER_DIED: it may not have been notified, but somebody
 * died with the lock held; mend, mp_lock_recover, test. MP_NOT_OWNER without the lock.
 */
int mp_condition_wait(struct mp_condition *condition, struct mp_lock *lock);
int mp_condition_wait_timeout(struct mp_condition *condition, struct mp_lock *lock,
	long timeout_ms) MP_MUST_USE;

/* The loop from above: waits until predicate(argument), called with the lock held, is true. */
int mp_condition_wait_for(struct mp_condition *condition, struct mp_lock *lock,
	bool (*predicate)(void *argument), void *argument);
/* MP_TIMEOUT if it is still false after timeout_ms milliseconds (less than 0 counts as 0). */
int mp_condition_wait_for_timeout(struct mp_condition *condition, struct mp_lock *lock,
	bool (*predicate)(void *argument), void *argument, long timeout_ms) MP_MUST_USE;

/*
 * Lets count waiters go, or all of them, once the caller has released the lock. MP_NOT_OWNER without
 * the lock; MP_INVALID: count < 0.
 */
int mp_condition_notify(struct mp_condition *condition, struct mp_lock *lock, int count);
int mp_condition_notify_all(struct mp_condition *condition, struct mp_lock *lock);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
