/* fails readers_follow_together: after a writer, each reader that leaves lets the next one in */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	while (lock->writing || lock->wanting > 0)
		mp_condition_wait(&lock->may_read, &lock->lock);
	lock->readers++;
	mp_lock_release(&lock->lock);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->readers--;
	if (lock->readers == 0)
		mp_condition_notify(&lock->may_write, &lock->lock, 1);
	mp_condition_notify(&lock->may_read, &lock->lock, 1);
	mp_lock_release(&lock->lock);
}

void rwlock_want_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->wanting++;
	mp_lock_release(&lock->lock);
}

void rwlock_begin_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	while (lock->writing || lock->readers > 0)
		mp_condition_wait(&lock->may_write, &lock->lock);
	lock->wanting--;
	lock->writing = true;
	mp_lock_release(&lock->lock);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->writing = false;
	mp_condition_notify(&lock->may_write, &lock->lock, 1);
	mp_condition_notify(&lock->may_read, &lock->lock, 1);
	mp_lock_release(&lock->lock);
}
