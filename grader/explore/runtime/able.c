/* SPDX-License-Identifier: MIT */
/*
 * Which tasks can take the step that they stand before. What is READY is exactly what could
 * run: so each step that changes what others can do says so here, by the key that they wait
 * for and the kinds of their steps.
 */
#include "runtime.h"

/* The step that the task stands before can be taken, or no longer. */
static void set_task_able(uint32_t index, uint64_t key, bool able)
{
	struct task *task = &control->tasks[index];
	if (able && task->state == TASK_BLOCKED) {
		make_ready(index);
	} else if (able) {
		task->timed_out = 0; /* it comes in time after all */
	} else if (task->state == TASK_READY && task->deadline > WHEN_STUCK &&
		   task->deadline <= control->time) {
		task->timed_out = 1;
	} else if (task->state == TASK_READY && task->interruption != INTERRUPTED) {
		task->wait_key = key;
		task->wait_order = ++control->wait_order;
		task_set_state(task, TASK_BLOCKED);
	}
}

static void set_able_in(uint32_t first_process, uint32_t last_process, uint64_t key,
	uint64_t kinds, bool able)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (i != explore_self.index && task->pending.address == key &&
			kinds >> task->pending.kind & 1 &&
			task->process >= first_process && task->process <= last_process)
			set_task_able(i, key, able);
	}
}

/* As set_able(), where it depends on the waiting task. */
void set_able_by(uint64_t key, enum step_kind kind, bool (*able)(const struct task *))
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (i != explore_self.index && task->pending.address == key &&
			task->pending.kind == kind && task->state != TASK_FINISHED)
			set_task_able(i, key, able(task));
	}
}

void set_able(uint64_t key, uint64_t kinds, bool able)
{
	set_able_in(0, UINT32_MAX, key, kinds, able);
}

void set_able_here(uint64_t key, uint64_t kinds)
{
	set_able_in(process_private.process, process_private.process, key, kinds, true);
}
