/* SPDX-License-Identifier: MIT */
/*
 * Tasks that go on without a step. The compiler calls us at each basic block, where a counter
 * runs down (entries.S); accesses take from it as well. When it is used up, the task is looked
 * at, which is thus always at the same block, however busy the machine:
 *
 *	does its state come round again, registers, stack and data (Brent's cycle search, over
 *	hashes)? Then it goes on for ever, unless somebody else changes something: it stands
 *	back until then, and if nobody ever does, that is a livelock;
 *	if it does not, it may come to an end. Others get their turn, and it is looked at again
 *	when it has done as much once more;
 *	at last it is given up: whether it comes to an end is not known then.
 */
#include "runtime.h"

#include <errno.h>

enum { TIMERS_WAIT = 1 << 20, GIVE_WAY = 1 << 22, AT_ONCE = 1 << 24, WINDOW_LEAST = 64 };

static void go_on_for(uint64_t allowance)
{
	struct loop *loop = &explore_self.loop;
	loop->window = 0;
	loop->granted = allowance < AT_ONCE ? (int32_t)allowance : AT_ONCE;
	explore_self.allowance = loop->granted;
}

/* Everything that a block may depend on while no other task runs. */
static uint64_t loop_state(void)
{
	uint64_t hash = state_alone() ^ control_mix((uint64_t)errno + 1);
	return control_mix(hash ^ control->time ^ (uint64_t)explore_self.frame);
}

static void remember(void)
{
	struct loop *loop = &explore_self.loop;
	loop->pc = explore_self.frame->pc;
	loop->frame = explore_self.frame;
	loop->state = loop_state();
	loop->count = 0;
}

/* The task is taken out until somebody changes something. */
void loop_comes_round(void)
{
	struct operation operation = operation_at(STEP_YIELD, 0, NULL);
	if (timers_pass())
		return;
	if (!control->result.kept_busy++)
		control->result.busy_pc = explore_self.frame->pc;
	task_set_state(explore_self.task, TASK_SPINNING);
	point(&operation);
}

static bool others_are_ready(void)
{
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (i != explore_self.index && control->tasks[i].state == TASK_READY)
			return true;
	return false;
}

static void give_way(void)
{
	struct operation operation = operation_at(STEP_YIELD, 0, NULL);
	uint64_t spent = explore_self.loop.spent;
	explore_self.task->yielded = 1;
	point(&operation);
	explore_self.loop.spent = spent; /* it was no step of the program's */
}

/* Time passes for a task that computes until a timer's handler tells it to stop. */
static bool timers_stop_it(void)
{
	uint64_t spent = explore_self.loop.spent;
	if (!control->timers_used || spent < TIMERS_WAIT || !timers_pass())
		return false;
	explore_self.loop.spent = spent;
	explore_self.loop.look_at = spent + TIMERS_WAIT;
	go_on_for(TIMERS_WAIT);
	return true;
}

/* As long as the hashes of one look take about as much time as the blocks before it. */
static void look_begins(void)
{
	struct loop *loop = &explore_self.loop;
	loop->spent += (uint64_t)(loop->granted - explore_self.allowance);
	control->result.blocks += (uint64_t)(loop->granted - explore_self.allowance);
	if (control->request.max_blocks && loop->spent >= control->request.max_blocks)
		execution_uncovered("a loop too long to be followed (--max-blocks)");
	if (loop->spent < loop->look_at) {
		go_on_for(loop->look_at - loop->spent);
		return;
	}
	if (timers_stop_it())
		return;
	if (loop->spent >= GIVE_WAY && others_are_ready())
		give_way();
	loop->look_at = 2 * loop->spent;
	loop->window = 4 * loop->spent / state_bytes();
	if (loop->window < WINDOW_LEAST)
		loop->window = WINDOW_LEAST;
	loop->power = 1;
	remember();
	explore_self.allowance = 1;
}

static void look_on(void)
{
	struct loop *loop = &explore_self.loop;
	if (loop->pc == explore_self.frame->pc && loop->frame == explore_self.frame &&
		loop->state == loop_state()) {
		loop_comes_round();
		return;
	}
	if (--loop->window == 0) {
		go_on_for(loop->look_at - loop->spent);
		return;
	}
	if (++loop->count >= loop->power) {
		loop->power *= 2;
		remember();
	}
	explore_self.allowance = 1;
}

/* The counter is used up. */
void runtime_interlock_allowance_used(void)
{
	if (!explore_self.task || explore_self.inside)
		loop_left();
	else if (explore_self.loop.window)
		look_on();
	else
		look_begins();
}
