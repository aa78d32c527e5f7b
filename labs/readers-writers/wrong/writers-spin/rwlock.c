/* fails writers_sleep: want_write tries the entrance again and again while another writer has it */
#include "rwlock.h"

#include <sched.h>

void rwlock_begin_read(struct rwlock *lock)
{
	mp_semaphore_acquire(&lock->entrance);
	mp_semaphore_release(&lock->entrance);
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
	while (mp_semaphore_try_acquire(&lock->entrance) != MP_OK)
		sched_yield();
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
