/* SPDX-License-Identifier: MIT */
#ifndef MP_RLOCK_H
#define MP_RLOCK_H

/*
 * A lock that its owner may acquire again: it is free after as many releases. Like
 * mp_lock it may be zeroed memory, must be shared, and tells the next owner of an
 * owner's death.
 *
 *	mp_rlock_acquire(&account->lock);
 *	deposit(account, 5);            acquires the same lock inside
 *	mp_rlock_release(&account->lock);
 *
 * Any thread of any process that shares it may make these calls; the child of a fork owns none of
 * its parent's locks. Not for signal handlers: a handler that interrupts the owner owns it, too.
 */

#include <mp/language.h>
#include <mp/lock.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_rlock {
	struct mp_lock lock;
};

int mp_rlock_init(struct mp_rlock *rlock);

/* As for mp_lock, but the owner gets MP_OK at once. MP_OVERFLOW after 2^32 - 1 times. */
int mp_rlock_acquire(struct mp_rlock *rlock);
int mp_rlock_acquire_timeout(struct mp_rlock *rlock, long timeout_ms) MP_MUST_USE;
int mp_rlock_try_acquire(struct mp_rlock *rlock) MP_MUST_USE;
int mp_rlock_recover(struct mp_rlock *rlock);

/* MP_NOT_OWNER or MP_NOT_LOCKED (Python: AssertionError) if the caller does not own it.
 */
int mp_rlock_release(struct mp_rlock *rlock);

int mp_rlock_destroy(struct mp_rlock *rlock);
bool mp_rlock_is_free(const struct mp_rlock *rlock);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
