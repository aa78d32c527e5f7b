/* fails writers_are_alone: the first reader takes the room when it has let go of the lock: a second one walks in while the first still waits */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
	mp_semaphore_release(&lock->entrance);
	mp_lock_acquire(&lock->lock);
	int readers = ++lock->readers;
	mp_lock_release(&lock->lock);
	if (readers == 1)
		mp_semaphore_acquire(&lock->room);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->readers--;
	if (lock->readers == 0)
		mp_semaphore_release(&lock->room);
	mp_lock_release(&lock->lock);
}

void rwlock_want_write(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
}

void rwlock_begin_write(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->room);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_semaphore_release(&lock->room);
	mp_semaphore_release(&lock->entrance);
}
