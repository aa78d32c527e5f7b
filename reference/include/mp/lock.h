/* SPDX-License-Identifier: MIT */
#ifndef MP_LOCK_H
#define MP_LOCK_H

/*
 * A lock: mutual exclusion between processes (or threads), owned by the one that
 * acquired it. Zeroed memory is an unlocked lock. It must lie in memory that all who
 * use it share. When an owner dies, even by SIGKILL, the next one gets the lock at once
 * and is told.
 *
 *	struct account { struct mp_lock lock; int balance; };
 *	struct account *account = mp_shared_new(sizeof(*account));
 *	if (mp_lock_acquire(&account->lock) == MP_OWNER_DIED)
 *		mp_lock_recover(&account->lock);     an int cannot be half written
 *	account->balance = account->balance + 1;
 *	mp_lock_release(&account->lock);
 *
 * Python's multiprocessing.Lock may be released by anyone; this one only by its owner,
 * since a lock without an owner cannot be taken back from a dead one. To hand
 * permission from one process to another use a semaphore.
 *
 * The owner is a thread, of whatever process: each may make any of these calls. The child
 * of a fork owns none of its parent's locks. All who use a lock must be in one namespace of
 * process ids. Not for signal handlers: one that acquires the lock which it interrupted gets
 * MP_DEADLOCK, but it may also come between an acquire and its entry in the list of
 * held locks. Of a thread that dies the kernel looks at the last 2,048 locks only
 * (ROBUST_LIST_LIMIT): what it held beyond these stays owned by nobody who lives.
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* All fields are the library's. The layout is the kernel's: see reference/src/lock.c. */
struct mp_lock {
	MP_ATOMIC(unsigned) word;
	unsigned depth; /* how often the owner holds it: mp_rlock counts here */
	uint64_t reserved[2];
	void *previous;
	void *next;
};

/* Makes the lock unlocked. Not needed for zeroed memory; never while anybody may use it.
 */
int mp_lock_init(struct mp_lock *lock);

/*
 * Waits until the caller owns the lock. MP_OK, or MP_OWNER_DIED: the caller owns it, but
 * the last owner died and what the lock protects may be half changed; mend that and call
 * mp_lock_recover. MP_DEADLOCK: the caller owns it already.
 */
int mp_lock_acquire(struct mp_lock *lock);

/* The same, for at most timeout_ms milliseconds (less than 0 counts as 0), else
 * MP_TIMEOUT. */
int mp_lock_acquire_timeout(struct mp_lock *lock, long timeout_ms) MP_MUST_USE;

/* The same without waiting: MP_BUSY if another owns it. */
int mp_lock_try_acquire(struct mp_lock *lock) MP_MUST_USE;

/* The owner says that what the dead owner left is mended. MP_NOT_OWNER if it is not the
 * owner. */
int mp_lock_recover(struct mp_lock *lock);

/*
 * Gives the lock up. MP_NOT_LOCKED if nobody holds it, MP_NOT_OWNER if another does;
 * nothing changes then. If the death of a former owner was not recovered, the next one is
 * told too.
 */
int mp_lock_release(struct mp_lock *lock);

/* Ends the use of the lock: MP_BUSY, and nothing happens, if somebody holds it. */
int mp_lock_destroy(struct mp_lock *lock);

/* Whether nobody holds it at this moment: a fact only once all who use it have ended. */
bool mp_lock_is_free(const struct mp_lock *lock);

/* Whether the caller holds it. */
bool mp_lock_is_mine(const struct mp_lock *lock);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
