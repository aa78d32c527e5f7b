/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <errno.h>

int runtime_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	*(volatile int *)lock = 0;
	/* the lock itself has no room for more than its owner */
	if (explore_self.task)
		object_find(canonical(lock), true)->user =
			shared == PTHREAD_PROCESS_SHARED ? SEVERAL_USERS : 0;
	return 0;
}

int runtime_pthread_spin_destroy(pthread_spinlock_t *lock)
{
	(void)lock;
	return 0;
}

int runtime_pthread_spin_lock(pthread_spinlock_t *lock)
{
	int *word = (int *)(uintptr_t)lock;
	if (!explore_self.task)
		return 0;
	used_here(canonical(lock), false, "spin lock");
	take(STEP_LOCK, lock, word, 0);
	*word = (int)me();
	taken(canonical(lock), lock_kinds);
	return 0;
}

int runtime_pthread_spin_trylock(pthread_spinlock_t *lock)
{
	if (!explore_self.task)
		return 0;
	struct operation operation = operation_on(STEP_TRY_LOCK, lock);
	used_here(operation.address, false, "spin lock");
	yield_turn();
	point(&operation);
	if (*lock)
		return EBUSY;
	*lock = (int)me();
	taken(canonical(lock), lock_kinds);
	return 0;
}

int runtime_pthread_spin_unlock(pthread_spinlock_t *lock)
{
	if (!explore_self.task)
		return 0;
	uint64_t key = canonical(lock);
	struct operation operation = operation_on(STEP_UNLOCK, lock);
	if (!is_mine(*lock, key))
		not_the_owner(key, *lock != 0);
	note(&operation);
	held_remove(key);
	*lock = 0;
	given_back(key, lock_kinds);
	return 0;
}
