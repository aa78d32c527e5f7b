/* fails no_writer_starves: a reader remembers how many writers had come and goes in when as many have been inside, whichever they were */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	int before_me = lock->wanting;
	while (lock->writing || lock->writers < before_me)
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
	lock->writers++;
	lock->writing = true;
	mp_lock_release(&lock->lock);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->writing = false;
	mp_condition_notify(&lock->may_write, &lock->lock, 1);
	mp_condition_notify_all(&lock->may_read, &lock->lock);
	mp_lock_release(&lock->lock);
}
