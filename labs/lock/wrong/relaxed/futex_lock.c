/* fails futex_excludes: the next owner may not see what the last one wrote */
#include "futex_lock.h"

#include "futex.h"

#define DIED 0x80000000u

static bool take(struct futex_lock *lock, uint32_t from)
{
	return atomic_compare_exchange_strong_explicit(&lock->word, &from,
		(uint32_t)getpid(), memory_order_relaxed, memory_order_relaxed);
}

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	for (;;) {
		if (take(lock, 0))
			return FUTEX_LOCK_ACQUIRED;
		if (take(lock, DIED))
			return FUTEX_LOCK_OWNER_DIED;
		uint32_t owner = atomic_load_explicit(&lock->word, memory_order_relaxed);
		if (owner == (uint32_t)getpid())
			return FUTEX_LOCK_HELD;
		if (owner != 0 && owner != DIED)
			futex_wait(&lock->word, owner);
	}
}

bool futex_lock_release(struct futex_lock *lock)
{
	uint32_t self = (uint32_t)getpid();
	if (!atomic_compare_exchange_strong_explicit(
		    &lock->word, &self, 0, memory_order_relaxed, memory_order_relaxed))
		return false;
	futex_wake(&lock->word, 1);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t owner = (uint32_t)pid;
	if (atomic_compare_exchange_strong_explicit(&lock->word, &owner, DIED,
		    memory_order_relaxed, memory_order_relaxed))
		futex_wake(&lock->word, 1);
}
