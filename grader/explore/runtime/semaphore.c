/* SPDX-License-Identifier: MIT */
#include "signals.h"
#include "sync.h"

#include <errno.h>

/*
 * Waits that take what the semaphore was initialised with are ordered after no post: they
 * would have got through without any. For the others see permit.c.
 *
 * A post of a semaphore that is not shared by processes wakes only who sleeps in the same
 * process, wherever the semaphore lies, as with the kernel's private futexes; its value is
 * there for all.
 */
struct semaphore {
	unsigned value, destroyed, initial, own, started;
};
enum { STARTED = 0x5e3a };

static struct semaphore *semaphore_of(sem_t *semaphore)
{
	return (struct semaphore *)(void *)semaphore;
}

void semaphore_start(void *semaphore, bool shared, unsigned value)
{
	real.memset(semaphore, 0, sizeof(sem_t));
	*(struct semaphore *)semaphore = (struct semaphore){
		.value = value, .initial = value, .own = !shared, .started = STARTED};
}

int runtime_sem_init(sem_t *semaphore, int shared, unsigned value)
{
	semaphore_start(semaphore, shared, value);
	if (explore_self.task) {
		permits_forget(canonical(semaphore));
		object_restart(canonical(semaphore));
	}
	return 0;
}

/* Before each use. */
static void look_at(struct semaphore *state, uint64_t key)
{
	if (state->destroyed == DESTROYED)
		used_destroyed(key, "semaphore");
	else if (state->started != STARTED)
		used_unstarted(key, "semaphore");
	else
		used_here(key, !state->own, "semaphore");
	state->started = STARTED; /* it is said once */
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
	look_at(state, operation.address);
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
	touched();
	if (state->initial)
		state->initial--;
	else
		permit_take(operation.address);
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
	look_at(state, operation.address);
	/* Who comes to wait before it is woken by no post of another process. */
	if (state->own && control->result.processes > 1)
		point(&operation);
	else
		note(&operation);
	permit_post(operation.address);
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
		look_at(semaphore_of(semaphore), operation.address);
		yield_turn();
		point(&operation);
	}
	*value = (int)semaphore_of(semaphore)->value;
	return 0;
}
