/* SPDX-License-Identifier: MIT */
/*
 * Operations of the reference library, each one step (<mp/checker.h>). The library does the
 * operation itself, and waits, if it has to, in futex waits that futex.c turns into blocked
 * tasks. Who holds a lock is followed here, so that a task which would only try in vain is
 * not offered as a choice: it stands blocked until the lock is free, or until nobody else
 * can run, for then its own timeout may have to decide.
 */
#include "runtime.h"

#include <mp/checker.h>

void runtime_mp_checker_until(const struct timespec *deadline);
void runtime_mp_checker_before(int operation, const volatile void *object);
void runtime_mp_checker_after(int operation, const volatile void *object, int status);
void runtime_mp_checker_init(int kind, const volatile void *object);
void runtime_mp_checker_destroy(int kind, const volatile void *object);

static enum step_kind kind_of(int operation)
{
	switch (operation) {
	case MP_CHECKER_LOCK:
		return STEP_LOCK;
	case MP_CHECKER_TRYLOCK:
		return STEP_TRY_LOCK;
	case MP_CHECKER_UNLOCK:
		return STEP_UNLOCK;
	case MP_CHECKER_SEM_WAIT:
		return STEP_SEM_WAIT;
	case MP_CHECKER_SEM_POST:
		return STEP_SEM_POST;
	case MP_CHECKER_COND_WAIT:
		return STEP_COND_WAIT;
	case MP_CHECKER_COND_NOTIFY:
		return STEP_COND_SIGNAL;
	case MP_CHECKER_BARRIER_WAIT:
		return STEP_BARRIER;
	default:
		return STEP_LIBRARY;
	}
}

static bool is_value(int operation)
{
	return operation == MP_CHECKER_VALUE_READ || operation == MP_CHECKER_VALUE_WRITE;
}

static bool is_release(int operation)
{
	return operation == MP_CHECKER_UNLOCK || operation == MP_CHECKER_SEM_POST;
}

/* The call in the program, not the one inside the library. */
static uint64_t user_pc(void)
{
	uint64_t callers[CALLERS_MAX];
	callers_of(explore_self.frame, callers);
	return callers[0] ? callers[0] : explore_self.frame->pc;
}

static void lock_before(const struct operation *operation, uint64_t until)
{
	struct object *object = object_find(operation->address, true);
	yield_turn();
	for (;;) {
		bool able = !object->owner || object->owner == OWNER_DEAD ||
			    object->owner == explore_self.index + 1;
		arrive_until(operation, able, until ? until : able ? 0 : WHEN_STUCK);
		if (able || explore_self.task->timed_out)
			return;
	}
}

void runtime_mp_checker_until(const struct timespec *deadline)
{
	explore_self.until = deadline ? deadline_of(deadline) : 0;
}

void runtime_mp_checker_before(int operation, const volatile void *object)
{
	if (!explore_self.task)
		return;
	struct operation step = operation_on(kind_of(operation), object);
	uint64_t until = explore_self.until;
	explore_self.until = 0;
	if (until)
		step.flags |= FLAG_TIMED;
	step.detail = (uint64_t)operation;
	step.pc = user_pc();
	mapping_touched(step.address, 256);
	if (is_value(operation)) {
		access_memory(object, 1,
			operation == MP_CHECKER_VALUE_WRITE ? FLAG_WRITE : 0, step.pc);
	} else if (operation == MP_CHECKER_LOCK) {
		lock_before(&step, until);
	} else if (is_release(operation)) {
		note(&step);
		object_release(step.address);
	} else {
		yield_turn();
		point(&step);
		object_release(step.address);
	}
	explore_self.library_depth++;
}

static void lock_after(uint64_t key, int operation, int status)
{
	const uint64_t kinds = 1ull << STEP_LOCK;
	struct object *object = object_find(key, true);
	if (operation == MP_CHECKER_UNLOCK) {
		if (!status) {
			held_remove(key);
			object->owner = 0;
			set_able(key, kinds, true);
			touched();
		} else {
			struct defect *defect = defect_new(DEFECT_UNLOCK,
				"a lock is released by a task that does not hold it");
			if (defect) {
				defect->pc = user_pc();
				defect->address = key;
			}
		}
	} else if (!status) {
		object->owner = explore_self.index + 1;
		object->owner_pc = user_pc();
		object->robust = ROBUST_LIBRARY;
		held_add(key);
		set_able(key, kinds, false);
		object_acquire(key);
		touched();
	}
}

void runtime_mp_checker_after(int operation, const volatile void *object, int status)
{
	if (!explore_self.task)
		return;
	uint64_t key = canonical(object);
	explore_self.library_depth--;
	if (operation == MP_CHECKER_LOCK || operation == MP_CHECKER_TRYLOCK ||
		operation == MP_CHECKER_UNLOCK) {
		lock_after(key, operation, status);
		return;
	}
	if (is_value(operation))
		return;
	if (!status)
		object_acquire(key);
	/* A try that was in vain leaves everything as it was: who tries again and again waits. */
	if (!status ||
		(operation != MP_CHECKER_SEM_WAIT && operation != MP_CHECKER_EVENT_WAIT))
		changed();
}

void runtime_mp_checker_init(int kind, const volatile void *object)
{
	(void)kind;
	if (!explore_self.task)
		return;
	uint64_t key = canonical(object);
	mapping_touched(key, 256);
	race_forget(key, 8);
	struct object *known = object_find(key, false);
	if (known)
		known->owner = 0;
	object_forget(key);
}

void runtime_mp_checker_destroy(int kind, const volatile void *object)
{
	(void)kind;
	if (!explore_self.task)
		return;
	const struct object *known = object_find(canonical(object), false);
	if (!known || !known->owner || known->owner == OWNER_DEAD)
		return;
	struct defect *defect =
		defect_new(DEFECT_DESTROYED, "a lock is destroyed while it is held");
	if (defect)
		defect->address = canonical(object);
}
