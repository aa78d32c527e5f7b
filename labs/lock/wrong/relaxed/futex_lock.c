/* fails futex_excludes: the next owner may not see what the last one wrote */
#include "futex_lock.h"

#include "futex.h"

/* What the word can hold, besides the pid of the owner. */
enum { FREE = 0, DIED = FUTEX_OWNER_DIED /* free, and the last owner died */ };

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	enum futex_lock_result result = FUTEX_LOCK_ACQUIRED;
	uint32_t seen = FREE;
	while (!atomic_compare_exchange_strong_explicit(&lock->word, &seen,
		(uint32_t)getpid(), memory_order_relaxed, memory_order_relaxed)) {
		if (seen == (uint32_t)getpid())
			return FUTEX_LOCK_HELD;
		if (seen == FREE || seen == DIED)
			continue;
		/* Counted before the kernel looks at the word: a release that changes it
		 * after that sees that there is someone to wake. */
		atomic_fetch_add(&lock->waiters, 1);
		futex_wait(&lock->word, seen);
		atomic_fetch_sub(&lock->waiters, 1);
		seen = FREE;
	}
	if (seen == DIED)
		result = FUTEX_LOCK_OWNER_DIED;
	return result;
}

bool futex_lock_release(struct futex_lock *lock)
{
	bool released = false;
	if (atomic_load(&lock->word) != (uint32_t)getpid())
		return false;
	atomic_store_explicit(&lock->word, FREE, memory_order_relaxed);
	if (atomic_load(&lock->waiters) > 0)
		futex_wake(&lock->word, 1);
	released = true;
	return released;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t owner = (uint32_t)pid;
	if (!atomic_compare_exchange_strong(&lock->word, &owner, DIED))
		return;
	if (atomic_load(&lock->waiters) > 0)
		futex_wake(&lock->word, 1);
}
