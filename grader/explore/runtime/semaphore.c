/* SPDX-License-Identifier: MIT */
#include "signals.h"
#include "sync.h"

#include <errno.h>

/*
 * Waits that take what the semaphore was initialised with are ordered after no post: they
 * would have got through without any.
 *
 * A post of a semaphore that is not shared by processes wakes only who sleeps in the same
 * process, wherever the semaphore lies, as with the kernel's private futexes; its value is
 * there for all.
 */
struct semaphore {
	unsigned value, destroyed, initial, own;
};

static struct semaphore *semaphore_of(sem_t *semaphore)
{
	return (struct semaphore *)(void *)semaphore;
}

int runtime_sem_init(sem_t *semaphore, int shared, unsigned value)
{
	real.memset(semaphore, 0, sizeof *semaphore);
	semaphore_of(semaphore)->value = value;
	semaphore_of(semaphore)->initial = value;
	semaphore_of(semaphore)->own = !shared;
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
	bool interrupted = arrive_interruptibly(&operation, try || state->value,
				   deadline) == WAIT_ENDED;
	while (!state->value) {
		if (try || interrupted || explore_self.task->timed_out) {
			errno = try ? EAGAIN : interrupted ? EINTR : ETIMEDOUT;
			return -1;
		}
		interrupted =
			arrive_interruptibly(&operation, false, deadline) == WAIT_ENDED;
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
	/* Who comes to wait before it is woken by no post of another process. */
	if (state->own && control->result.processes > 1)
		point(&operation);
	else
		note(&operation);
	object_release(operation.address);
	state->value++;
	if (state->own)
		set_able_here(operation.address, KIND(STEP_SEM_WAIT));
	else
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
