/* fails futex_excludes: to see that it is free and to take it are two steps */
#include "futex_lock.h"

#include "futex.h"

#define FREE 0
#define DIED FUTEX_OWNER_DIED

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t self = (uint32_t)getpid();
	for (;;) {
		uint32_t seen = atomic_load(&lock->word);
		if (seen == self)
			return FUTEX_LOCK_HELD;
		if (seen == FREE || seen == DIED) {
			atomic_store(&lock->word, self);
			return seen == DIED ? FUTEX_LOCK_OWNER_DIED : FUTEX_LOCK_ACQUIRED;
		}
		atomic_fetch_add(&lock->waiters, 1);
		futex_wait(&lock->word, seen);
		atomic_fetch_sub(&lock->waiters, 1);
	}
}

bool futex_lock_release(struct futex_lock *lock)
{
	atomic_store(&lock->word, FREE);
	if (atomic_load(&lock->waiters) > 0)
		futex_wake(&lock->word, 1);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t owner = (uint32_t)pid;
	if (atomic_compare_exchange_strong(&lock->word, &owner, DIED) &&
		atomic_load(&lock->waiters) > 0)
		futex_wake(&lock->word, 1);
}
