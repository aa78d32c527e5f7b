/* SPDX-License-Identifier: MIT */
/* Read-write locks: key + 1 carries what the readers release. */
#include "sync.h"

#include <errno.h>

struct rwlock {
	int readers, writer, shared;
};

static struct rwlock *rwlock_of(pthread_rwlock_t *lock)
{
	return (struct rwlock *)(void *)lock;
}

int runtime_pthread_rwlock_init(
	pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
	int shared = PTHREAD_PROCESS_PRIVATE;
	real.memset(lock, 0, sizeof *lock);
	if (attributes)
		pthread_rwlockattr_getpshared(attributes, &shared);
	rwlock_of(lock)->shared = shared == PTHREAD_PROCESS_SHARED;
	if (explore_self.task)
		object_restart(canonical(lock));
	return 0;
}

int runtime_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	before_destruction(lock);
	const struct rwlock *state = rwlock_of(lock);
	if (explore_self.task && (state->readers || state->writer))
		defect_new(DEFECT_DESTROYED,
			"a read-write lock is destroyed while it is held");
	rwlock_of(lock)->shared = DESTROYED;
	return 0;
}

static void look_at(const struct rwlock *state, uint64_t key)
{
	if (state->shared == DESTROYED)
		used_destroyed(key, "read-write lock");
	else
		used_here(key, state->shared, "read-write lock");
}

static int read_lock(pthread_rwlock_t *lock, uint64_t deadline, bool try)
{
	struct rwlock *state = rwlock_of(lock);
	struct operation operation =
		operation_on(try ? STEP_TRY_LOCK : STEP_READ_LOCK, lock);
	uint64_t key = operation.address;
	look_at(state, key);
	yield_turn();
	arrive_until(&operation, try || !state->writer, deadline);
	while (state->writer) {
		if (try || explore_self.task->timed_out)
			return try ? EBUSY : ETIMEDOUT;
		arrive_until(&operation, false, deadline);
	}
	state->readers++;
	object_acquire(key);
	held_add(key);
	set_able(key, lock_kinds, false);
	touched();
	return 0;
}

static int write_lock(pthread_rwlock_t *lock, uint64_t deadline, bool try)
{
	struct rwlock *state = rwlock_of(lock);
	struct operation operation = operation_on(try ? STEP_TRY_LOCK : STEP_LOCK, lock);
	uint64_t key = operation.address;
	look_at(state, key);
	yield_turn();
	arrive_until(&operation, try || (!state->writer && !state->readers), deadline);
	while (state->writer || state->readers) {
		if (try || explore_self.task->timed_out)
			return try ? EBUSY : ETIMEDOUT;
		arrive_until(&operation, false, deadline);
	}
	state->writer = (int)me();
	object_acquire(key + 1);
	taken(key, all_lock_kinds);
	return 0;
}

int runtime_pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return explore_self.task ? read_lock(lock, 0, false) : 0;
}

int runtime_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return explore_self.task ? read_lock(lock, 0, true) : 0;
}

int runtime_pthread_rwlock_timedrdlock(
	pthread_rwlock_t *lock, const struct timespec *until)
{
	return explore_self.task ? read_lock(lock, deadline_of(until), false) : 0;
}

int runtime_pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return explore_self.task ? write_lock(lock, 0, false) : 0;
}

int runtime_pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return explore_self.task ? write_lock(lock, 0, true) : 0;
}

int runtime_pthread_rwlock_timedwrlock(
	pthread_rwlock_t *lock, const struct timespec *until)
{
	return explore_self.task ? write_lock(lock, deadline_of(until), false) : 0;
}

int runtime_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	if (!explore_self.task)
		return 0;
	struct rwlock *state = rwlock_of(lock);
	uint64_t key = canonical(lock);
	struct operation operation = operation_on(STEP_UNLOCK, lock);
	note(&operation);
	if (!held_remove(key))
		not_the_owner(key, state->readers || state->writer);
	if (state->writer) {
		state->writer = 0;
		given_back(key, all_lock_kinds);
		return 0;
	}
	if (state->readers)
		state->readers--;
	object_release(key + 1);
	if (!state->readers)
		set_able(key, lock_kinds, true);
	touched();
	return 0;
}
