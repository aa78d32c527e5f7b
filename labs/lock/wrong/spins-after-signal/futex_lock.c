#include "futex_lock.h"

#include "futex.h"

#define FREE 0
#define DIED FUTEX_OWNER_DIED

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t self = (uint32_t)getpid();
	uint32_t seen = FREE;
	while (!atomic_compare_exchange_strong(&lock->word, &seen, self)) {
		if (seen == self)
			return FUTEX_LOCK_HELD;
		if (seen == FREE || seen == DIED)
			continue;
		atomic_fetch_add(&lock->waiters, 1);
		futex_wait(&lock->word, seen);
		atomic_fetch_sub(&lock->waiters, 1);
		seen = FREE;
	}
	return seen == DIED ? FUTEX_LOCK_OWNER_DIED : FUTEX_LOCK_ACQUIRED;
}

bool futex_lock_release(struct futex_lock *lock)
{
	if (atomic_load(&lock->word) != (uint32_t)getpid())
		return false;
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
