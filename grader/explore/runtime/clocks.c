/* SPDX-License-Identifier: MIT */
/*
 * Happens-before by vector clocks (Flanagan and Freund, "FastTrack", PLDI 2009). Every task
 * has a clock, every synchronisation object one that its releases write and its acquires
 * read. They lie in the control memory, so that processes are treated as threads are.
 */
#include "runtime.h"

void clock_tick(struct task *task)
{
	task->clock[task - control->tasks]++;
}

void clock_join(uint32_t *clock, const uint32_t *other)
{
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (clock[i] < other[i])
			clock[i] = other[i];
}

struct object *object_find(uint64_t key, bool create)
{
	uint32_t slot = (uint32_t)control_mix(key) % OBJECTS_MAX;
	for (uint32_t probes = 0; probes < OBJECTS_MAX; probes++) {
		struct object *object = &control->objects[slot];
		if (object->generation != control->generation) {
			if (!create)
				return NULL;
			if (control->objects_used >= OBJECTS_MAX / 2)
				execution_full("synchronisation objects");
			object->key = key;
			object->generation = control->generation;
			object->owner = 0;
			object->robust = 0;
			object->user = 0;
			object->permits = 0;
			object->machine = 0;
			object->owner_pc = 0;
			for (uint32_t i = 0; i < TASKS_MAX; i++)
				object->clock[i] = 0;
			control->objects_touched[control->objects_used++] = slot;
			return object;
		}
		if (object->key == key)
			return object;
		slot = (slot + 1) % OBJECTS_MAX;
	}
	return NULL;
}

/* A place in the memory that the process has for itself, of which a fork makes a copy. */
static bool is_own(uint64_t key)
{
	uint64_t address = key & ((1ull << 48) - 1);
	return key >> 48 == process_private.process &&
	       !(address >= CONTROL_ADDRESS &&
		       address < CONTROL_ADDRESS + sizeof *control);
}

void objects_fork(uint32_t child)
{
	uint32_t used = control->objects_used;
	for (uint32_t i = 0; i < used; i++) {
		const struct object *from =
			&control->objects[control->objects_touched[i]];
		if (!is_own(from->key))
			continue;
		uint64_t address = from->key & ((1ull << 48) - 1);
		struct object *to = object_find((uint64_t)child << 48 | address, true);
		to->owner = from->owner;
		to->owner_pc = from->owner_pc;
		to->robust = from->robust;
		to->machine = from->machine;
		for (uint32_t k = 0; k < control->result.tasks; k++)
			to->clock[k] = from->clock[k];
		permits_copy(to, from);
	}
}

void object_release(uint64_t key)
{
	struct task *task = explore_self.task;
	clock_join(object_find(key, true)->clock, task->clock);
	clock_tick(task);
}

void object_set(uint64_t key)
{
	struct task *task = explore_self.task;
	struct object *object = object_find(key, true);
	for (uint32_t i = 0; i < control->result.tasks; i++)
		object->clock[i] = task->clock[i];
	clock_tick(task);
}

void object_acquire(uint64_t key)
{
	struct object *object = object_find(key, false);
	if (object)
		clock_join(explore_self.task->clock, object->clock);
}

void object_forget(uint64_t key)
{
	struct object *object = object_find(key, false);
	if (!object)
		return;
	for (uint32_t i = 0; i < TASKS_MAX; i++)
		object->clock[i] = 0;
}
