/* fails writers_are_alone: the reader that took the room gives it back, though others are inside still */
#include "rwlock.h"

static bool took_it;

void rwlock_begin_read(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
	mp_semaphore_release(&lock->entrance);
	mp_lock_acquire(&lock->lock);
	lock->readers++;
	took_it = lock->readers == 1;
	if (took_it)
		mp_semaphore_acquire(&lock->room);
	mp_lock_release(&lock->lock);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->readers--;
	if (took_it)
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
