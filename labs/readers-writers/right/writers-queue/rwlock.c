/* Writers queue at the entrance; the one at its head waits for the readers to leave, and the
 * lock is held while it writes. */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
	mp_lock_acquire(&lock->lock);
	lock->readers++;
	mp_lock_release(&lock->lock);
	mp_semaphore_release(&lock->entrance);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	if (--lock->readers == 0)
		mp_condition_notify_all(&lock->may_write, &lock->lock);
	mp_lock_release(&lock->lock);
}

void rwlock_want_write(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
}

void rwlock_begin_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	while (lock->readers > 0)
		mp_condition_wait(&lock->may_write, &lock->lock);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_lock_release(&lock->lock);
	mp_semaphore_release(&lock->entrance);
}
