/* fails futex_knows_its_owner: free, held, held with waiters: a good lock, which does not know its owner */
#include "futex_lock.h"

#include "futex.h"

enum { FREE, HELD, WANTED };

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t seen = FREE;
	if (atomic_compare_exchange_strong(&lock->word, &seen, HELD))
		return FUTEX_LOCK_ACQUIRED;
	while (atomic_exchange(&lock->word, WANTED) != FREE)
		futex_wait(&lock->word, WANTED);
	return FUTEX_LOCK_ACQUIRED;
}

bool futex_lock_release(struct futex_lock *lock)
{
	uint32_t before = atomic_exchange(&lock->word, FREE);
	if (before == WANTED)
		futex_wake(&lock->word, 1);
	return before != FREE;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	(void)lock;
	(void)pid;
}
