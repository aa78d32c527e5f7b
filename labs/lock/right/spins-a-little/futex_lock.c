#include "futex_lock.h"

#include "futex.h"

enum { FREE = 0, DIED = INT32_MAX, TURNS = 3 };

/* What was there if it was free, else the owner. */
static uint32_t take(struct futex_lock *lock)
{
	uint32_t seen = FREE;
	while ((seen == FREE || seen == DIED) &&
		!atomic_compare_exchange_weak(&lock->word, &seen, (uint32_t)getpid()))
		;
	return seen;
}

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	for (int turn = 1;; turn++) {
		uint32_t seen = take(lock);
		if (seen == FREE)
			return FUTEX_LOCK_ACQUIRED;
		if (seen == DIED)
			return FUTEX_LOCK_OWNER_DIED;
		if (seen == (uint32_t)getpid())
			return FUTEX_LOCK_HELD;
		if (turn > TURNS)
			futex_wait(&lock->word, seen);
	}
}

bool futex_lock_release(struct futex_lock *lock)
{
	uint32_t owner = (uint32_t)getpid();
	if (!atomic_compare_exchange_strong(&lock->word, &owner, FREE))
		return false;
	futex_wake(&lock->word, 1);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t owner = (uint32_t)pid;
	if (atomic_compare_exchange_strong(&lock->word, &owner, DIED))
		futex_wake(&lock->word, 1);
}
