/* fails futex_excludes: the word is read and written as a plain number */
#include "futex_lock.h"

#include "futex.h"

#define FREE 0
#define DIED FUTEX_OWNER_DIED

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	volatile uint32_t *word = (volatile uint32_t *)&lock->word;
	uint32_t self = (uint32_t)getpid();
	while (*word != FREE && *word != DIED) {
		uint32_t seen = *word;
		if (seen == self)
			return FUTEX_LOCK_HELD;
		if (seen == FREE || seen == DIED)
			continue;
		atomic_fetch_add(&lock->waiters, 1);
		futex_wait(&lock->word, seen);
		atomic_fetch_sub(&lock->waiters, 1);
	}
	bool died = *word == DIED;
	*word = self;
	return died ? FUTEX_LOCK_OWNER_DIED : FUTEX_LOCK_ACQUIRED;
}

bool futex_lock_release(struct futex_lock *lock)
{
	*(volatile uint32_t *)&lock->word = FREE;
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
