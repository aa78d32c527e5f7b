/* fails futex_lets_all_in: may sleep though it set no mark */
#include "futex_lock.h"

#include "futex.h"

#define OWNER FUTEX_TID_MASK
#define DIED FUTEX_OWNER_DIED
#define WAITERS FUTEX_WAITERS

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t self = (uint32_t)getpid();
	uint32_t mine = self;
	for (;;) {
		uint32_t seen = atomic_load(&lock->word);
		if ((seen & OWNER) == self)
			return FUTEX_LOCK_HELD;
		if ((seen & OWNER) == 0) {
			if (atomic_compare_exchange_strong(
				    &lock->word, &seen, mine | (seen & WAITERS)))
				return seen & DIED ? FUTEX_LOCK_OWNER_DIED
						   : FUTEX_LOCK_ACQUIRED;
			continue;
		}
		uint32_t owner = seen & OWNER;
		if (atomic_compare_exchange_strong(&lock->word, &owner, owner | WAITERS))
			owner |= WAITERS;
		else
			owner = seen & OWNER;
		futex_wait(&lock->word, owner);
		mine = self | WAITERS; /* others may sleep, too */
	}
}

bool futex_lock_release(struct futex_lock *lock)
{
	if ((atomic_load(&lock->word) & OWNER) != (uint32_t)getpid())
		return false;
	if (atomic_exchange(&lock->word, 0) & WAITERS)
		futex_wake(&lock->word, 1);
	return true;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t seen = atomic_load(&lock->word);
	while ((seen & OWNER) == (uint32_t)pid)
		if (atomic_compare_exchange_strong(
			    &lock->word, &seen, DIED | (seen & WAITERS))) {
			futex_wake(&lock->word, 1);
			return;
		}
}
