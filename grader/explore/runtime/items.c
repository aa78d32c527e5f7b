/* SPDX-License-Identifier: MIT */
/*
 * Items of work that a program marks (interlock/items.h): how many are in progress at once.
 * An item begins as early as it can, with the step before, and its end is a step of its own,
 * so that others may begin theirs before it. Nothing is lost by that: what can be in progress
 * at once at all is so in some schedule that begins early and ends late.
 */
#include "runtime.h"

void runtime_interlock_mark_begin(void);
void runtime_interlock_mark_end(void);

static uint32_t in_progress(void)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		count += control->tasks[i].items_open &&
			 control->tasks[i].state != TASK_FINISHED;
	return count;
}

void runtime_interlock_mark_begin(void)
{
	struct task *task = explore_self.task;
	if (!task || task->items_open++)
		return;
	if (!control->result.items++)
		control->result.item_pc = explore_self.frame->pc;
	uint32_t count = in_progress();
	if (control->result.items_at_once < count)
		control->result.items_at_once = count;
}

void runtime_interlock_mark_end(void)
{
	struct task *task = explore_self.task;
	if (!task || !task->items_open)
		return;
	if (task->items_open == 1) {
		struct operation operation = operation_at(STEP_ITEM_END, 0, NULL);
		point(&operation);
	}
	task->items_open--;
}
