/* SPDX-License-Identifier: MIT */
/* What all locks have in common: who holds them, who stands before them. */
#include "sync.h"

#include <errno.h>

void held_add(uint64_t key)
{
	struct task *task = explore_self.task;
	if (task->held_count >= HELD_MAX)
		execution_full("locks that a task holds at once");
	task->held[task->held_count] = key;
	task->held_pc[task->held_count++] = explore_self.frame->pc;
}

bool held_remove(uint64_t key)
{
	struct task *task = explore_self.task;
	uint32_t count = task->held_count;
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

void used_destroyed(uint64_t key, const char *what)
{
	struct defect *defect =
		defect_new(DEFECT_DESTROYED, "a %s is used after its destruction", what);
	if (defect)
		defect->address = key;
}

void used_unstarted(uint64_t key, const char *what)
{
	struct defect *defect = defect_new(
		DEFECT_DESTROYED, "a %s is used that was never initialised", what);
	if (defect)
		defect->address = key;
}

void used_here(uint64_t key, bool shared, const char *what)
{
	if (shared || !(key & REGION_FLAG))
		return;
	struct object *object = object_find(key, true);
	uint32_t user = process_private.process + 1;
	if (!object->user)
		object->user = (uint16_t)user;
	if (object->user == user || object->user == SEVERAL_USERS)
		return;
	object->user = SEVERAL_USERS; /* it is said once */
	struct defect *defect = defect_new(DEFECT_PRIVATE,
		"a %s that is private to one process is used by two: it was not "
		"initialised as shared by processes",
		what);
	if (defect)
		defect->address = key;
}

void object_restart(uint64_t key)
{
	struct object *object = object_find(key, false);
	if (object)
		object->user = 0;
}

bool is_mine(int owner, uint64_t key)
{
	uint32_t index = explore_self.index;
	while (owner != (int)index + 1 && !(key & REGION_FLAG) && index &&
		control->tasks[index].main_thread)
		index = control->tasks[index].parent;
	return owner == (int)index + 1;
}

void not_the_owner(uint64_t key, bool locked)
{
	struct defect *defect = defect_new(DEFECT_UNLOCK,
		locked ? "a lock is released by a task that does not hold it"
		       : "a lock is released that nobody holds");
	if (defect)
		defect->address = key;
}

/* The owner of a robust mutex ended without giving it back. */
bool owner_died(uint64_t key)
{
	const struct object *object = object_find(key, false);
	return object && object->owner == OWNER_DEAD;
}

/* Waits until *word is zero, or its owner dead. */
int take(enum step_kind kind, const volatile void *object, int *word, uint64_t deadline)
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

void taken(uint64_t key, uint64_t kinds)
{
	struct object *object = object_find(key, true);
	object->owner = me();
	object->owner_pc = explore_self.frame->pc;
	object_acquire(key);
	held_add(key);
	set_able(key, kinds, false);
	touched();
}

void given_back(uint64_t key, uint64_t kinds)
{
	object_find(key, true)->owner = 0;
	object_release(key);
	set_able(key, kinds, true);
	touched();
}

void before_destruction(const volatile void *object)
{
	if (!explore_self.task)
		return;
	struct operation operation = operation_on(STEP_DESTROY, object);
	point(&operation);
}
