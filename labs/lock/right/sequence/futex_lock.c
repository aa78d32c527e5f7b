#include "futex_lock.h"

#include "futex.h"

/* word: owner, shifted by one; the last bit says that the one before died. waiters: a number
 * that changes with each release, on which they sleep. */
#define DEAD 1u

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	const uint32_t me = (uint32_t)getpid() << 1;
	for (;;) {
		uint32_t turn = atomic_load(&lock->waiters);
		uint32_t was = 0;
		if (atomic_compare_exchange_strong(&lock->word, &was, me))
			return FUTEX_LOCK_ACQUIRED;
		if (was == DEAD) {
			if (atomic_compare_exchange_strong(&lock->word, &was, me))
				return FUTEX_LOCK_OWNER_DIED;
		} else if (was == me) {
			return FUTEX_LOCK_HELD;
		} else {
			futex_wait(&lock->waiters, turn);
		}
	}
}

static void next_turn(struct futex_lock *lock)
{
	atomic_fetch_add(&lock->waiters, 1);
	futex_wake(&lock->waiters, 1);
}

bool futex_lock_release(struct futex_lock *lock)
{
	uint32_t me = (uint32_t)getpid() << 1;
	if (!atomic_compare_exchange_strong(&lock->word, &me, 0))
		return false;
	next_turn(lock);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t dead = (uint32_t)pid << 1;
	if (atomic_compare_exchange_strong(&lock->word, &dead, DEAD))
		next_turn(lock);
}
