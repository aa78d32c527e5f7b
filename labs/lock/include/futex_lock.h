/* SPDX-License-Identifier: MIT */
/*
 * A lock made of an atomic word and a futex, which knows who holds it. All-zero memory is a
 * free lock; it lies in memory that processes share.
 *
 *	if (futex_lock_acquire(&lock) == FUTEX_LOCK_OWNER_DIED)
 *		mend(&balance);
 *	balance -= 1;
 *	futex_lock_release(&lock);
 */
#ifndef FUTEX_LOCK_H
#define FUTEX_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Use of it what you need. */
struct futex_lock {
	_Atomic uint32_t word;
	_Atomic uint32_t waiters;
};

enum futex_lock_result {
	FUTEX_LOCK_ACQUIRED,   /* the caller holds the lock */
	FUTEX_LOCK_OWNER_DIED, /* it does, and the owner before it died holding it */
	FUTEX_LOCK_HELD, /* it held the lock already: nothing changes, nor for who waits */
};

/* Sleeps until the lock is free; then holds it, and sees what the owners before it wrote. Who
 * is woken and finds the lock taken sleeps again. Of a death the next owner is told, and
 * nobody else. */
enum futex_lock_result futex_lock_acquire(struct futex_lock *lock);

/* Frees the lock, and lets one in that waits. False, and nothing has changed, if the lock is
 * free or another process holds it. */
bool futex_lock_release(struct futex_lock *lock);

/* To be called by whoever has waited for process `pid` to end, perhaps while others acquire
 * and release. If it died holding the lock, the lock becomes free; else nothing changes. No
 * two processes have the same pid, which is below 2^22. */
void futex_lock_process_ended(struct futex_lock *lock, pid_t pid);

#endif
