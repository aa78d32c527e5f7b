/* SPDX-License-Identifier: MIT */
#include "sync.h"

#include <errno.h>

enum { ROBUST = 16, INCONSISTENT = 32, LOST = 64, SHARED = 128 /* as in glibc */ };

void mutex_taken(pthread_mutex_t *mutex)
{
	object_find(canonical(mutex), true)->robust =
		mutex->__data.__kind & ROBUST ? ROBUST_MUTEX : 0;
	mutex->__data.__lock = 1;
	mutex->__data.__owner = (int)me();
	taken(canonical(mutex), lock_kinds);
}

static int mutex_type(const pthread_mutex_t *mutex)
{
	return mutex->__data.__kind & 3;
}

static void look_at(const pthread_mutex_t *mutex)
{
	if (mutex->__data.__kind == DESTROYED)
		used_destroyed(canonical(mutex), "mutex");
	else
		used_here(canonical(mutex), mutex->__data.__kind & SHARED, "mutex");
}

static int mutex_lock(pthread_mutex_t *mutex, uint64_t deadline)
{
	look_at(mutex);
	if (mutex->__data.__lock && mutex->__data.__owner == (int)me()) {
		if (mutex_type(mutex) == PTHREAD_MUTEX_ERRORCHECK_NP)
			return EDEADLK;
		if (mutex_type(mutex) == PTHREAD_MUTEX_RECURSIVE_NP) {
			mutex->__data.__count++;
			return 0;
		}
	}
	int status = take(STEP_LOCK, mutex, &mutex->__data.__lock, deadline);
	if (status)
		return status;
	if (mutex->__data.__kind & LOST)
		return ENOTRECOVERABLE;
	bool died = owner_died(canonical(mutex));
	mutex_taken(mutex);
	if (died)
		mutex->__data.__kind |= INCONSISTENT;
	return died ? EOWNERDEAD : 0;
}

int runtime_pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	if (!(mutex->__data.__kind & INCONSISTENT))
		return EINVAL;
	mutex->__data.__kind &= ~INCONSISTENT;
	return 0;
}

int runtime_pthread_mutex_init(
	pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
	real.memset(mutex, 0, sizeof(pthread_mutex_t));
	if (explore_self.task)
		object_restart(canonical(mutex));
	if (attributes) {
		int type = 0;
		int robust = PTHREAD_MUTEX_STALLED;
		int shared = PTHREAD_PROCESS_PRIVATE;
		pthread_mutexattr_gettype(attributes, &type);
		pthread_mutexattr_getrobust(attributes, &robust);
		pthread_mutexattr_getpshared(attributes, &shared);
		mutex->__data.__kind = type |
				       (robust == PTHREAD_MUTEX_ROBUST ? ROBUST : 0) |
				       (shared == PTHREAD_PROCESS_SHARED ? SHARED : 0);
	}
	return 0;
}

int runtime_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	before_destruction(mutex);
	if (explore_self.task && mutex->__data.__lock && !owner_died(canonical(mutex))) {
		struct defect *defect = defect_new(
			DEFECT_DESTROYED, "a mutex is destroyed while it is locked");
		if (defect)
			defect->address = canonical(mutex);
		return EBUSY;
	}
	mutex->__data.__kind = DESTROYED;
	return 0;
}

int runtime_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return explore_self.task ? mutex_lock(mutex, 0) : 0;
}

int runtime_pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until)
{
	return explore_self.task ? mutex_lock(mutex, deadline_of(until)) : 0;
}

int runtime_pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	(void)clock;
	return runtime_pthread_mutex_timedlock(mutex, until);
}

int runtime_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	if (!explore_self.task)
		return 0;
	look_at(mutex);
	struct operation operation = operation_on(STEP_TRY_LOCK, mutex);
	yield_turn();
	point(&operation);
	if (!mutex->__data.__lock) {
		mutex_taken(mutex);
		return 0;
	}
	if (mutex->__data.__owner == (int)me() &&
		mutex_type(mutex) == PTHREAD_MUTEX_RECURSIVE_NP) {
		mutex->__data.__count++;
		return 0;
	}
	own_step()->flags |= FLAG_TIMED_OUT;
	return EBUSY;
}

void mutex_release(pthread_mutex_t *mutex)
{
	uint64_t key = canonical(mutex);
	if (mutex->__data.__owner == (int)me())
		held_remove(key);
	if (mutex->__data.__kind & INCONSISTENT)
		mutex->__data.__kind = (mutex->__data.__kind & ~INCONSISTENT) | LOST;
	mutex->__data.__lock = 0;
	mutex->__data.__owner = 0;
	given_back(key, lock_kinds);
}

int runtime_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (!explore_self.task)
		return 0;
	look_at(mutex);
	if (!mutex->__data.__lock || !is_mine(mutex->__data.__owner, canonical(mutex))) {
		if (mutex_type(mutex) != PTHREAD_MUTEX_NORMAL)
			return EPERM;
		not_the_owner(canonical(mutex), mutex->__data.__lock);
	} else if (mutex->__data.__count) {
		mutex->__data.__count--;
		return 0;
	}
	struct operation operation = operation_on(STEP_UNLOCK, mutex);
	note(&operation);
	mutex_release(mutex);
	return 0;
}
