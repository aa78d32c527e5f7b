/* One number says it all: readers inside, or -1 for a writer; helpers take and give the lock. */
#include "rwlock.h"

static bool nobody_inside(void *argument)
{
	const struct rwlock *lock = argument;
	return lock->readers == 0;
}

static bool no_writer(void *argument)
{
	const struct rwlock *lock = argument;
	return lock->readers >= 0 && lock->wanting == 0;
}

static void change(struct rwlock *lock, int readers, int wanting)
{
	lock->readers += readers;
	lock->wanting += wanting;
	mp_condition_notify_all(&lock->may_read, &lock->lock);
	mp_condition_notify_all(&lock->may_write, &lock->lock);
	mp_lock_release(&lock->lock);
}

void rwlock_begin_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	mp_condition_wait_for(&lock->may_read, &lock->lock, no_writer, lock);
	change(lock, 1, 0);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	change(lock, -1, 0);
}

void rwlock_want_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	change(lock, 0, 1);
}

void rwlock_begin_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	mp_condition_wait_for(&lock->may_write, &lock->lock, nobody_inside, lock);
	change(lock, -1, -1);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	change(lock, 1, 0);
}
