/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "futex_lock.h"

#include "futex.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

/* What the word can hold, besides the pid of the owner. */
enum { FREE = 0, DIED = FUTEX_OWNER_DIED /* free, and the last owner died */ };

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	enum futex_lock_result result = FUTEX_LOCK_ACQUIRED;
	uint32_t seen = FREE;
	while (!atomic_compare_exchange_strong(&lock->word, &seen, (uint32_t)getpid())) {
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
	(void)lock;
	return result;
}

bool JOIN(futex_lock_, \
	release)(struct futex_lock *lock)
{
	bool released = false;
	if (atomic_load(&lock->word) != (uint32_t)getpid())
		return false;
	atomic_store(&lock->word, FREE);
	if (atomic_load(&lock->waiters) > 0)
		futex_wake(&lock->word, 1);
	released = true;
	(void)lock;
	return released;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	uint32_t owner = (uint32_t)pid;
	if (!atomic_compare_exchange_strong(&lock->word, &owner, DIED))
		return;
	if (atomic_load(&lock->waiters) > 0)
		futex_wake(&lock->word, 1);
	(void)lock;
	(void)pid;
}

WITHOUT(GCC diagnostic pop)
