/* fails readers_share: nothing guards the number of readers */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
	mp_semaphore_release(&lock->entrance);
	lock->readers++;
	if (lock->readers == 1)
		mp_semaphore_acquire(&lock->room);
}

void rwlock_end_read(struct rwlock *lock)
{
	lock->readers--;
	if (lock->readers == 0)
		mp_semaphore_release(&lock->room);
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
