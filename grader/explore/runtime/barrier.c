/* SPDX-License-Identifier: MIT */
/* Barriers: odd and even generations release into objects of their own. */
#include "sync.h"

#include <errno.h>

struct barrier {
	unsigned count, arrived, generation, shared;
};

int runtime_pthread_barrier_init(pthread_barrier_t *barrier,
	const pthread_barrierattr_t *attributes, unsigned count)
{
	int shared = PTHREAD_PROCESS_PRIVATE;
	if (!count)
		return EINVAL;
	if (attributes)
		pthread_barrierattr_getpshared(attributes, &shared);
	real.memset(barrier, 0, sizeof *barrier);
	*(struct barrier *)(void *)barrier = (struct barrier){
		.count = count, .shared = shared == PTHREAD_PROCESS_SHARED};
	if (explore_self.task)
		object_restart(canonical(barrier));
	return 0;
}

int runtime_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	before_destruction(barrier);
	if (explore_self.task && ((struct barrier *)(void *)barrier)->arrived)
		defect_new(DEFECT_DESTROYED,
			"a barrier is destroyed while tasks wait at it");
	((struct barrier *)(void *)barrier)->shared = DESTROYED;
	return 0;
}

static void look_at(const struct barrier *state, uint64_t key)
{
	if (state->shared == DESTROYED)
		used_destroyed(key, "barrier");
	else if (!state->count)
		used_unstarted(key, "barrier");
	else
		used_here(key, state->shared, "barrier");
}

int runtime_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct barrier *state = (struct barrier *)(void *)barrier;
	if (!explore_self.task)
		return 0;
	struct operation operation = operation_on(STEP_BARRIER, barrier);
	look_at(state, operation.address);
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
