/* SPDX-License-Identifier: MIT */
/* Tasks that wait in a loop: they stand back, and one that certainly does is out of the game
 * until somebody has changed something. */
#include "runtime.h"

/* Equal at two moments: nothing can have changed between them. One call may take several steps,
 * so its last one says how far it has come. */
static uint64_t spin_state(const struct task *task)
{
	return state_self() ^ control_mix(task->pending.address ^ task->pending.kind) ^
	       control_mix(control->changes - task->own_changes + task->within);
}

/* The state that has to come round again. */
static void spin_from(struct task *task, uint64_t state)
{
	task->spin_count = 1;
	task->spin_state = state;
	task->spin_holding = task->held_count > 0;
	task->spin_changes = task->own_changes;
}

/* One that held a lock then, and has let go of it since, has let others get on. */
static bool spin_let_go(const struct task *task)
{
	return task->spin_holding && task->spin_changes != task->own_changes;
}

/* Steps without a change after which a task is suspected to wait in a loop, and after which
 * it stands back though that is not proved yet. */
enum { QUIET_SUSPECT = 8, QUIET_STAND_BACK = 16 };

/*
 * Called before a step that changes nothing. A task that goes on without changing anything
 * is probably waiting in a loop: it stands back. If its own state comes round again (Brent's
 * cycle search, over hashes) while nobody else changed anything, it certainly does: it
 * cannot get on until somebody does. A short loop is proved to be one before the task would
 * stand back, so that a task that keeps the processor busy is seen to in any schedule that
 * lets it wait.
 */
void yield_turn(void)
{
	struct task *task = explore_self.task;
	if (++task->quiet < QUIET_SUSPECT)
		return;
	task->yielded = task->quiet >= QUIET_STAND_BACK;
	if (task->quiet == QUIET_SUSPECT || task->spin_count == 0) {
		task->spin_power = 1;
		spin_from(task, spin_state(task));
		return;
	}
	uint64_t state = spin_state(task);
	if (spin_let_go(task)) {
		if (!task->held_count)
			spin_from(task, state);
		return;
	}
	if (state == task->spin_state) {
		task->spin_count = 0;
		if (!control->result.kept_busy++)
			control->result.busy_pc = explore_self.frame->pc;
		task_set_state(task, TASK_SPINNING);
		return;
	}
	if (++task->spin_count > task->spin_power) {
		task->spin_power *= 2;
		spin_from(task, state);
	}
}
