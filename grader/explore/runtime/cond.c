/* SPDX-License-Identifier: MIT */
/* Conditions: which tasks wait is kept in the task table. */
#include "sync.h"

#include <errno.h>

enum { SHARED = 1 }; /* in __wrefs, as in glibc */

static void look_at(const pthread_cond_t *cond, uint64_t key)
{
	if (cond->__data.__wrefs >> 8 == DESTROYED)
		used_destroyed(key, "condition");
	else
		used_here(key, cond->__data.__wrefs & SHARED, "condition");
}

static int cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, uint64_t deadline)
{
	struct task *task = explore_self.task;
	look_at(cond, canonical(cond));
	uint64_t key = canonical(cond);
	struct operation operation = operation_on(STEP_COND_WAIT, cond);
	if (!mutex->__data.__lock || mutex->__data.__owner != (int)me())
		not_the_owner(canonical(mutex), mutex->__data.__lock);
	point(&operation);
	cancellation_point(STEP_PAUSE);
	unsigned depth = mutex->__data.__count;
	mutex->__data.__count = 0;
	mutex_release(mutex);
	operation.kind = STEP_COND_RELOCK;
	operation.detail =
		canonical(mutex); /* what the one who wakes us puts in address */
	control->timed = 1;	  /* it may wake up for no reason */
	arrive_until(&operation, false, deadline);
	bool timed_out = task->timed_out;
	if (task->pending.address ==
		operation.detail) /* woken by no signal's handler, nor for no reason */
		object_acquire(key);
	operation.address = canonical(mutex);
	while (mutex->__data.__lock)
		arrive(&operation, false);
	mutex_taken(mutex);
	mutex->__data.__count = depth;
	cancellation_point(STEP_PAUSE);
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
	uint64_t key = operation.address;
	look_at(cond, key);
	point(&operation);
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
	int shared = PTHREAD_PROCESS_PRIVATE;
	real.memset(cond, 0, sizeof(pthread_cond_t));
	if (attributes)
		pthread_condattr_getpshared(attributes, &shared);
	cond->__data.__wrefs = shared == PTHREAD_PROCESS_SHARED ? SHARED : 0;
	if (explore_self.task)
		object_restart(canonical(cond));
	return 0;
}

int runtime_pthread_cond_destroy(pthread_cond_t *cond)
{
	before_destruction(cond);
	if (explore_self.task && waiters(canonical(cond)))
		defect_new(DEFECT_DESTROYED,
			"a condition is destroyed while tasks wait on it");
	cond->__data.__wrefs = DESTROYED << 8;
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
