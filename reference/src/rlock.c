/* SPDX-License-Identifier: MIT */
/*
 * depth is only touched by the owner. What a dead owner left in it is overwritten by the
 * next.
 */
#include <mp/rlock.h>

#include <limits.h>

int mp_rlock_init(struct mp_rlock *rlock)
{
	return mp_lock_init(&rlock->lock);
}

static int once_more(struct mp_rlock *rlock)
{
	if (rlock->lock.depth == UINT_MAX)
		return MP_OVERFLOW;
	rlock->lock.depth++;
	return MP_OK;
}

static int first(struct mp_rlock *rlock, int status)
{
	if (status == MP_OK || status == MP_OWNER_DIED)
		rlock->lock.depth = 1;
	return status;
}

int mp_rlock_acquire(struct mp_rlock *rlock)
{
	if (mp_lock_is_mine(&rlock->lock))
		return once_more(rlock);
	return first(rlock, mp_lock_acquire(&rlock->lock));
}

int mp_rlock_acquire_timeout(struct mp_rlock *rlock, long timeout_ms)
{
	if (mp_lock_is_mine(&rlock->lock))
		return once_more(rlock);
	return first(rlock, mp_lock_acquire_timeout(&rlock->lock, timeout_ms));
}

int mp_rlock_try_acquire(struct mp_rlock *rlock)
{
	if (mp_lock_is_mine(&rlock->lock))
		return once_more(rlock);
	return first(rlock, mp_lock_try_acquire(&rlock->lock));
}

int mp_rlock_recover(struct mp_rlock *rlock)
{
	return mp_lock_recover(&rlock->lock);
}

int mp_rlock_release(struct mp_rlock *rlock)
{
	if (mp_lock_is_mine(&rlock->lock) && rlock->lock.depth > 1) {
		rlock->lock.depth--;
		return MP_OK;
	}
	return mp_lock_release(&rlock->lock);
}

int mp_rlock_destroy(struct mp_rlock *rlock)
{
	return mp_lock_destroy(&rlock->lock);
}

bool mp_rlock_is_free(const struct mp_rlock *rlock)
{
	return mp_lock_is_free(&rlock->lock);
}
