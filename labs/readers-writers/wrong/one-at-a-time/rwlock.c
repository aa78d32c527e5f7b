/* fails readers_share: one lock for everybody, so readers take turns */
#include "rwlock.h"

void rwlock_begin_read(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
}

void rwlock_end_read(struct rwlock *lock)
{
	mp_lock_release(&lock->lock);
}

void rwlock_want_write(struct rwlock *lock)
{
	(void)lock;
}

void rwlock_begin_write(struct rwlock *lock)
{
	mp_lock_acquire(&lock->lock);
}

void rwlock_end_write(struct rwlock *lock)
{
	mp_lock_release(&lock->lock);
}
