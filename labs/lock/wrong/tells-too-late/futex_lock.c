/* fails futex_survives_death: frees the lock, and notes the death after that */
#include "futex_lock.h"

#include "futex.h"

#define FREE 0u
#define MOURNING 1u /* in `waiters`: a death that nobody was told of */

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t self = (uint32_t)getpid();
	uint32_t seen = FREE;
	while (!atomic_compare_exchange_strong(&lock->word, &seen, self)) {
		if (seen == self)
			return FUTEX_LOCK_HELD;
		futex_wait(&lock->word, seen);
		seen = FREE;
	}
	return atomic_exchange(&lock->waiters, 0) == MOURNING ? FUTEX_LOCK_OWNER_DIED
							      : FUTEX_LOCK_ACQUIRED;
}

bool futex_lock_release(struct futex_lock *lock)
{
	if (atomic_load(&lock->word) != (uint32_t)getpid())
		return false;
	atomic_store(&lock->word, FREE);
	futex_wake(&lock->word, 1);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	if (atomic_load(&lock->word) != (uint32_t)pid)
		return;
	atomic_store(&lock->word, FREE);
	atomic_store(&lock->waiters, MOURNING);
	futex_wake(&lock->word, 1);
}
