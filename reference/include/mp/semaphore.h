/* SPDX-License-Identifier: MIT */
#ifndef MP_SEMAPHORE_H
#define MP_SEMAPHORE_H

/*
 * A count of permissions. Acquire takes one, or waits until there is one; release gives one, and
 * any process may. A bounded semaphore refuses to be released above where it began. Zeroed
 * memory is a semaphore with no permissions. It must lie in shared memory.
 *
 *	mp_semaphore_init(&seats, 3);
 *	mp_semaphore_acquire(&seats);           at most three at a time
 *	...
 *	mp_semaphore_release(&seats);
 *
 * Nobody owns a permission, so one that a dead process had is gone: where a death must not stop
 * the others use a lock, a queue or a pool.
 *
 * Any process or thread that shares it may make these calls, and a fork changes nothing. release,
 * try_acquire and value are safe in signal handlers; the others wait. What a process did before
 * a release is seen after the acquire that follows it, also where the bound was reached.
 */

#include <mp/language.h>
#include <mp/status.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_semaphore {
	MP_ATOMIC(unsigned) word;
	unsigned maximum; /* 0: not bounded */
};

/* count permissions. MP_INVALID if count is negative or above 2^30. */
int mp_semaphore_init(struct mp_semaphore *semaphore, int count);
int mp_bounded_semaphore_init(struct mp_semaphore *semaphore, int count);

int mp_semaphore_acquire(struct mp_semaphore *semaphore);
/* MP_TIMEOUT after timeout_ms milliseconds; less than 0 counts as 0. */
int mp_semaphore_acquire_timeout(
	struct mp_semaphore *semaphore, long timeout_ms) MP_MUST_USE;
/* MP_BUSY if there is no permission now. */
int mp_semaphore_try_acquire(struct mp_semaphore *semaphore) MP_MUST_USE;

/* MP_OVERFLOW, and nothing happens, above the bound (or above 2^30). */
int mp_semaphore_release(struct mp_semaphore *semaphore);

/* How many there are at this moment. */
int mp_semaphore_value(const struct mp_semaphore *semaphore);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
