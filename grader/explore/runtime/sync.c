/* SPDX-License-Identifier: MIT */
/*
 * Mutexes, spin locks, read-write locks, barriers, once and semaphores. Their state is kept
 * in the program's own objects, so that fork copies it, shared memory shares it and the hash
 * of memory contains it; nothing here ever blocks in libc.
 */
#include "runtime.h"

#include <errno.h>

enum { DESTROYED = 0x2ead, ROBUST = 16, INCONSISTENT = 32, LOST = 64 };

#define KIND(kind) (1ull << (kind))
static const uint64_t lock_kinds = KIND(STEP_LOCK) | KIND(STEP_COND_RELOCK);
static const uint64_t all_lock_kinds =
	KIND(STEP_LOCK) | KIND(STEP_COND_RELOCK) | KIND(STEP_READ_LOCK);

static uint32_t me(void)
{
	return explore_self.index + 1;
}

void held_add(uint64_t key)
{
	struct task *task = explore_self.task;
	if (task->held_count < HELD_MAX) {
		task->held[task->held_count] = key;
		task->held_pc[task->held_count] = explore_self.frame->pc;
	}
	task->held_count++;
}

bool held_remove(uint64_t key)
{
	struct task *task = explore_self.task;
	uint32_t count = task->held_count < HELD_MAX ? task->held_count : HELD_MAX;
	for (uint32_t i = count; i-- > 0;) {
		if (task->held[i] != key)
			continue;
		for (; i + 1 < count; i++) {
			task->held[i] = task->held[i + 1];
			task->held_pc[i] = task->held_pc[i + 1];
		}
		task->held_count--;
		return true;
	}
	return false;
}

static void used_destroyed(uint64_t key, const char *what)
{
	struct defect *defect =
		defect_new(DEFECT_DESTROYED, "a %s is used after its destruction", what);
	if (defect)
		defect->address = key;
}

static void not_the_owner(uint64_t key, bool locked)
{
	struct defect *defect = defect_new(DEFECT_UNLOCK,
		locked ? "a lock is released by a task that does not hold it"
		       : "a lock is released that nobody holds");
	if (defect)
		defect->address = key;
}

/* The owner of a robust mutex ended without giving it back. */
static bool owner_died(uint64_t key)
{
	const struct object *object = object_find(key, false);
	return object && object->owner == OWNER_DEAD;
}

/* Waits until *word is zero, or its owner dead. */
static int take(
	enum step_kind kind, const volatile void *object, int *word, uint64_t deadline)
{
	struct operation operation = operation_on(kind, object);
	yield_turn();
	arrive_until(&operation, !*word || owner_died(operation.address), deadline);
	while (*word && !owner_died(operation.address)) {
		if (explore_self.task->timed_out)
			return ETIMEDOUT;
		arrive_until(&operation, false, deadline);
	}
	return 0;
}

static void taken(uint64_t key, uint64_t kinds)
{
	struct object *object = object_find(key, true);
	object->owner = me();
	object->owner_pc = explore_self.frame->pc;
	object_acquire(key);
	held_add(key);
	set_able(key, kinds, false);
	touched();
}

static void given_back(uint64_t key, uint64_t kinds)
{
	object_find(key, true)->owner = 0;
	object_release(key);
	set_able(key, kinds, true);
	touched();
}

static void before_destruction(const volatile void *object)
{
	if (!explore_self.task)
		return;
	struct operation operation = operation_on(STEP_DESTROY, object);
	point(&operation);
}

/* Mutexes */

static void mutex_taken(pthread_mutex_t *mutex)
{
	object_find(canonical(mutex), true)->robust =
		(mutex->__data.__kind & ROBUST) != 0;
	mutex->__data.__lock = 1;
	mutex->__data.__owner = (int)me();
	taken(canonical(mutex), lock_kinds);
}

static int mutex_type(const pthread_mutex_t *mutex)
{
	return mutex->__data.__kind & 3;
}

static int mutex_lock(pthread_mutex_t *mutex, uint64_t deadline)
{
	if (mutex->__data.__kind == DESTROYED)
		used_destroyed(canonical(mutex), "mutex");
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
	if (attributes) {
		int type = 0;
		int robust = PTHREAD_MUTEX_STALLED;
		pthread_mutexattr_gettype(attributes, &type);
		pthread_mutexattr_getrobust(attributes, &robust);
		mutex->__data.__kind =
			type | (robust == PTHREAD_MUTEX_ROBUST ? ROBUST : 0);
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

static void mutex_release(pthread_mutex_t *mutex)
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
	if (!mutex->__data.__lock || mutex->__data.__owner != (int)me()) {
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

/* Conditions: which tasks wait is kept in the task table */

static int cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline)
{
	struct task *task = explore_self.task;
	uint64_t key = canonical(cond);
	struct operation operation = operation_on(STEP_COND_WAIT, cond);
	if (!mutex->__data.__lock || mutex->__data.__owner != (int)me())
		not_the_owner(canonical(mutex), mutex->__data.__lock);
	point(&operation);
	unsigned depth = mutex->__data.__count;
	mutex->__data.__count = 0;
	mutex_release(mutex);
	operation.kind = STEP_COND_RELOCK;
	operation.detail =
		canonical(mutex); /* what the one who wakes us puts in address */
	arrive_until(&operation, false, deadline);
	bool timed_out = task->timed_out;
	if (!timed_out)
		object_acquire(key);
	operation.address = canonical(mutex);
	while (mutex->__data.__lock)
		arrive(&operation, false);
	mutex_taken(mutex);
	mutex->__data.__count = depth;
	return timed_out ? ETIMEDOUT : 0;
}

static void cond_wake(uint32_t index)
{
	struct task *task = &control->tasks[index];
	uint64_t mutex = task->pending.detail;
	const struct object *object = object_find(mutex, false);
	task->pending.address = mutex;
	task->deadline = 0;
	if (object && object->owner)
		task->wait_key = mutex;
	else
		make_ready(index);
}

static int cond_signal(pthread_cond_t *cond, enum step_kind kind)
{
	struct operation operation = operation_on(kind, cond);
	point(&operation);
	uint64_t key = canonical(cond);
	if (!waiters(key))
		return 0;
	object_release(key);
	touched();
	uint32_t left = kind == STEP_COND_BROADCAST ? TASKS_MAX : 1;
	if (kind == STEP_COND_BROADCAST) {
		for (uint32_t i = 0; i < control->result.tasks; i++)
			if (control->tasks[i].state == TASK_BLOCKED &&
				control->tasks[i].wait_key == key)
				cond_wake(i);
	} else if (left) {
		cond_wake(pick_waiter(key));
	}
	return 0;
}

int runtime_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
	(void)attributes;
	real.memset(cond, 0, sizeof(pthread_cond_t));
	return 0;
}

int runtime_pthread_cond_destroy(pthread_cond_t *cond)
{
	before_destruction(cond);
	if (explore_self.task && waiters(canonical(cond)))
		defect_new(DEFECT_DESTROYED,
			"a condition is destroyed while tasks wait on it");
	return 0;
}

int runtime_pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	return explore_self.task ? cond_wait(cond, mutex, 0) : 0;
}

int runtime_pthread_cond_timedwait(
	pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *until)
{
	return explore_self.task ? cond_wait(cond, mutex, deadline_of(until)) : 0;
}

int runtime_pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
	clockid_t clock, const struct timespec *until)
{
	(void)clock;
	return runtime_pthread_cond_timedwait(cond, mutex, until);
}

int runtime_pthread_cond_signal(pthread_cond_t *cond)
{
	return explore_self.task ? cond_signal(cond, STEP_COND_SIGNAL) : 0;
}

int runtime_pthread_cond_broadcast(pthread_cond_t *cond)
{
	return explore_self.task ? cond_signal(cond, STEP_COND_BROADCAST) : 0;
}

/* Spin locks */

int runtime_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void)shared;
	*(volatile int *)lock = 0;
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
	if (*lock != (int)me())
		not_the_owner(key, *lock != 0);
	note(&operation);
	held_remove(key);
	*lock = 0;
	given_back(key, lock_kinds);
	return 0;
}

/* Read-write locks: key + 1 carries what the readers release */

struct rwlock {
	int readers, writer;
};

static struct rwlock *rwlock_of(pthread_rwlock_t *lock)
{
	return (struct rwlock *)(void *)lock;
}

int runtime_pthread_rwlock_init(
	pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
	(void)attributes;
	real.memset(lock, 0, sizeof *lock);
	return 0;
}

int runtime_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	before_destruction(lock);
	const struct rwlock *state = rwlock_of(lock);
	if (explore_self.task && (state->readers || state->writer))
		defect_new(DEFECT_DESTROYED,
			"a read-write lock is destroyed while it is held");
	return 0;
}

static int read_lock(pthread_rwlock_t *lock, uint64_t deadline, bool try)
{
	struct rwlock *state = rwlock_of(lock);
	struct operation operation =
		operation_on(try ? STEP_TRY_LOCK : STEP_READ_LOCK, lock);
	uint64_t key = operation.address;
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

/* Barriers: odd and even generations release into objects of their own */

struct barrier {
	unsigned count, arrived, generation;
};

int runtime_pthread_barrier_init(pthread_barrier_t *barrier,
	const pthread_barrierattr_t *attributes, unsigned count)
{
	(void)attributes;
	if (!count)
		return EINVAL;
	real.memset(barrier, 0, sizeof *barrier);
	((struct barrier *)(void *)barrier)->count = count;
	return 0;
}

int runtime_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	before_destruction(barrier);
	if (explore_self.task && ((struct barrier *)(void *)barrier)->arrived)
		defect_new(DEFECT_DESTROYED,
			"a barrier is destroyed while tasks wait at it");
	return 0;
}

int runtime_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct barrier *state = (struct barrier *)(void *)barrier;
	if (!explore_self.task)
		return 0;
	struct operation operation = operation_on(STEP_BARRIER, barrier);
	point(&operation);
	uint64_t key = operation.address;
	unsigned generation = state->generation;
	object_release(key + 1 + generation % 2);
	touched();
	if (++state->arrived == state->count) {
		state->arrived = 0;
		state->generation++;
		set_able(key, KIND(STEP_BARRIER_LEAVE), true);
		object_acquire(key + 1 + generation % 2);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	while (state->generation == generation)
		block(STEP_BARRIER_LEAVE, key, 0);
	object_acquire(key + 1 + generation % 2);
	return 0;
}

int runtime_pthread_once(pthread_once_t *once, void (*routine)(void))
{
	enum { RUNNING = 1, DONE = 2 };
	if (!explore_self.task) {
		if (*once != DONE)
			routine();
		*once = DONE;
		return 0;
	}
	struct operation operation = operation_on(STEP_ONCE, once);
	point(&operation);
	if (*once == 0) {
		*once = RUNNING;
		routine();
		*once = DONE;
		object_release(operation.address);
		set_able(operation.address, KIND(STEP_ONCE), true);
		touched();
	}
	while (*once != DONE)
		arrive(&operation, false);
	object_acquire(operation.address);
	return 0;
}

/* Semaphores */

/*
 * Waits that take what the semaphore was initialised with are ordered after no post: they
 * would have got through without any.
 */
struct semaphore {
	unsigned value, destroyed, initial;
};

static struct semaphore *semaphore_of(sem_t *semaphore)
{
	return (struct semaphore *)(void *)semaphore;
}

int runtime_sem_init(sem_t *semaphore, int shared, unsigned value)
{
	(void)shared;
	real.memset(semaphore, 0, sizeof *semaphore);
	semaphore_of(semaphore)->value = value;
	semaphore_of(semaphore)->initial = value;
	return 0;
}

int runtime_sem_destroy(sem_t *semaphore)
{
	before_destruction(semaphore);
	if (explore_self.task && waiters(canonical(semaphore)))
		defect_new(DEFECT_DESTROYED,
			"a semaphore is destroyed while tasks wait on it");
	semaphore_of(semaphore)->destroyed = DESTROYED;
	return 0;
}

static int sem_take(sem_t *semaphore, uint64_t deadline, bool try)
{
	struct semaphore *state = semaphore_of(semaphore);
	struct operation operation =
		operation_on(try ? STEP_TRY_LOCK : STEP_SEM_WAIT, semaphore);
	if (state->destroyed == DESTROYED)
		used_destroyed(operation.address, "semaphore");
	yield_turn();
	arrive_until(&operation, try || state->value, deadline);
	while (!state->value) {
		if (try || explore_self.task->timed_out) {
			errno = try ? EAGAIN : ETIMEDOUT;
			return -1;
		}
		arrive_until(&operation, false, deadline);
	}
	if (!--state->value)
		set_able(operation.address, KIND(STEP_SEM_WAIT), false);
	if (state->initial)
		state->initial--;
	else
		object_acquire(operation.address);
	touched();
	return 0;
}

int runtime_sem_wait(sem_t *semaphore)
{
	return explore_self.task ? sem_take(semaphore, 0, false) : 0;
}

int runtime_sem_trywait(sem_t *semaphore)
{
	return explore_self.task ? sem_take(semaphore, 0, true) : 0;
}

int runtime_sem_timedwait(sem_t *semaphore, const struct timespec *until)
{
	return explore_self.task ? sem_take(semaphore, deadline_of(until), false) : 0;
}

int runtime_sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *until)
{
	(void)clock;
	return runtime_sem_timedwait(semaphore, until);
}

int runtime_sem_post(sem_t *semaphore)
{
	struct semaphore *state = semaphore_of(semaphore);
	if (!explore_self.task) {
		state->value++;
		return 0;
	}
	struct operation operation = operation_on(STEP_SEM_POST, semaphore);
	if (state->destroyed == DESTROYED)
		used_destroyed(operation.address, "semaphore");
	note(&operation);
	object_release(operation.address);
	state->value++;
	set_able(operation.address, KIND(STEP_SEM_WAIT), true);
	touched();
	return 0;
}

int runtime_sem_getvalue(sem_t *semaphore, int *value)
{
	if (explore_self.task) {
		struct operation operation = operation_on(STEP_SEM_READ, semaphore);
		yield_turn();
		point(&operation);
	}
	*value = (int)semaphore_of(semaphore)->value;
	return 0;
}
