/* fails no_writer_starves: readers always get in while readers are inside, whoever waits */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->readers++;
	if (lock->readers == 1)
		mp_semaphore_acquire(&lock->room);
	mp_lock_release(&lock->lock);
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
	(void)lock;
}

void rwlock_begin_write(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->room);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_semaphore_release(&lock->room);
}
