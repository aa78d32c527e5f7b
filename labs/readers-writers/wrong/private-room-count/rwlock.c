/* fails readers_share: the number of readers is a global variable: in each process it is its own */
#include "rwlock.h"

static int readers;

void rwlock_begin_read(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
	mp_semaphore_release(&lock->entrance);
	mp_lock_acquire(&lock->lock);
	readers++;
	if (readers == 1)
		mp_semaphore_acquire(&lock->room);
	mp_lock_release(&lock->lock);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	readers--;
	if (readers == 0)
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
	mp_semaphore_release(&lock->entrance);
	mp_semaphore_release(&lock->room);
}
