#include "futex_lock.h"

#include "futex.h"

#define FREE 0u
#define MOURNING 0x80000000u /* in `waiters`: a death that nobody was told of */

static uint32_t me(void)
{
	return (uint32_t)getpid();
}

static void let_one_in(struct futex_lock *lock)
{
	atomic_store_explicit(&lock->word, FREE, memory_order_seq_cst);
	futex_wake(&lock->word, INT32_MAX);
}

enum futex_lock_result futex_lock_acquire(struct futex_lock *lock)
{
	uint32_t owner = atomic_load(&lock->word);
	if (owner == me())
		return FUTEX_LOCK_HELD;
	do {
		if (owner != FREE)
			futex_wait(&lock->word, owner);
		owner = FREE;
	} while (!atomic_compare_exchange_weak_explicit(
		&lock->word, &owner, me(), memory_order_seq_cst, memory_order_seq_cst));
	return atomic_exchange(&lock->waiters, 0) == MOURNING ? FUTEX_LOCK_OWNER_DIED
							      : FUTEX_LOCK_ACQUIRED;
}

bool futex_lock_release(struct futex_lock *lock)
{
	bool mine = atomic_load(&lock->word) == me();
	if (mine)
		let_one_in(lock);
	return mine;
}

void futex_lock_process_ended(struct futex_lock *lock, pid_t pid)
{
	if (atomic_load(&lock->word) == (uint32_t)pid) {
		atomic_store(&lock->waiters, MOURNING);
		let_one_in(lock);
	}
}
